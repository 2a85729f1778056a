//! Fits all heads of all folds at once: every block of classes is a job of its own.

use std::ops::Range;
use std::sync::atomic::{AtomicUsize, Ordering};

use rayon::prelude::*;

use super::centroid::add_centroids;
use super::embedding_block::EmbeddingBlock;
use super::relevance::relevance;
use super::rows::Rows;
use super::solver::{LANES, Problem, Solution, Stop, solve};
use crate::Error;
use crate::progress::{Observer, report};

/// A task as the solver needs it.
#[derive(Clone)]
pub(super) struct FitTask {
    /// Class of each row; `None` leaves it out.
    pub(super) targets: Vec<Option<u32>>,
    /// Cost of an error on each row.
    pub(super) costs: Vec<f32>,
    /// How much more it costs in a row of the class itself, for each class.
    pub(super) positive_costs: Vec<f32>,
    /// Power of the naive Bayes ratio by which features count; 0 makes all alike.
    pub(super) relevance: f32,
    /// Share of the class centroids in the weights.
    pub(super) centroid: f32,
    /// Norm of the embedding where that of the lexical features is 1.
    pub(super) embedding_weight: f32,
    pub(super) classes: usize,
}

/// What is fitted, and on which rows.
#[derive(Clone, Copy)]
pub(super) struct FitPlan<'a> {
    pub(super) rows: &'a Rows,
    pub(super) tasks: &'a [FitTask],
    /// Fold of each row.
    pub(super) folds: &'a [u32],
    pub(super) features: usize,
    /// Those of them that are n-grams; the rest is the embedding.
    pub(super) lexical: usize,
    pub(super) seed: u64,
}

const STOP: Stop = Stop { max_epochs: 40, tolerance: 0.02 };

/// The weights of one task: for each feature those of all classes, then the biases.
pub(super) struct Weights {
    pub(super) classes: usize,
    pub(super) rows: Vec<f32>,
    pub(super) bias: Vec<f32>,
}

/// One block of one task, fitted without one fold or on everything.
struct Job {
    task: usize,
    first_class: u32,
    held_out: Option<u32>,
}

impl FitPlan<'_> {
    /// Scores of every row of `folds` by the model that has not seen its fold: `scores[task]` is
    /// `(rows, classes)`, zero in other rows.
    pub(super) fn cross_scores(
        &self,
        folds: Range<u32>,
        stage: &'static str,
        observer: &dyn Observer,
    ) -> Result<Vec<Vec<f32>>, Error> {
        let held_out: Vec<Option<u32>> = folds.map(Some).collect();
        let jobs = self.jobs(&held_out);
        let blocks = self.run(&jobs, stage, observer, |job, solution| {
            let members = (0..self.rows.len()).filter(|&row| Some(self.folds[row]) == job.held_out);
            members.map(|row| (row, self.score(&solution, row))).collect::<Vec<_>>()
        })?;
        let mut scores: Vec<Vec<f32>> =
            self.tasks.iter().map(|task| vec![0.0; self.rows.len() * task.classes]).collect();
        for (job, block) in jobs.iter().zip(blocks) {
            let classes = self.tasks[job.task].classes;
            let first = job.first_class as usize;
            for (row, lanes) in block {
                let width = LANES.min(classes - first);
                let start = row * classes + first;
                scores[job.task][start..start + width].copy_from_slice(&lanes[..width]);
            }
        }
        Ok(scores)
    }

    /// Weights of all tasks, fitted on all rows.
    pub(super) fn weights(&self, observer: &dyn Observer) -> Result<Vec<Weights>, Error> {
        let jobs = self.jobs(&[None]);
        let blocks = self.run(&jobs, "fit", observer, |_, solution| solution)?;
        let mut weights: Vec<Weights> = self
            .tasks
            .iter()
            .map(|task| Weights {
                classes: task.classes,
                rows: vec![0.0; self.features * task.classes],
                bias: vec![0.0; task.classes],
            })
            .collect();
        for (job, block) in jobs.iter().zip(blocks) {
            let into = &mut weights[job.task];
            let first = job.first_class as usize;
            let width = LANES.min(into.classes - first);
            into.bias[first..first + width].copy_from_slice(&block.bias[..width]);
            for (row, lanes) in into.rows.chunks_mut(into.classes).zip(&block.weights) {
                row[first..first + width].copy_from_slice(&lanes[..width]);
            }
        }
        Ok(weights)
    }

    fn jobs(&self, held_out: &[Option<u32>]) -> Vec<Job> {
        let blocks = |task: usize| (0..self.tasks[task].classes as u32).step_by(LANES);
        let of_task = |task| {
            blocks(task).flat_map(move |first_class| {
                held_out.iter().map(move |&held_out| Job { task, first_class, held_out })
            })
        };
        (0..self.tasks.len()).flat_map(of_task).collect()
    }

    /// Solves all jobs on the threads of the current pool; results come in the order of the jobs.
    fn run<T: Send>(
        &self,
        jobs: &[Job],
        stage: &'static str,
        observer: &dyn Observer,
        finish: impl Fn(&Job, Solution) -> T + Sync,
    ) -> Result<Vec<T>, Error> {
        let done = AtomicUsize::new(0);
        report(observer, stage, 0, Some(jobs.len()))?;
        let solved = jobs.par_iter().enumerate().map(|(number, job)| {
            let keep_going =
                || report(observer, stage, done.load(Ordering::Relaxed), Some(jobs.len())).is_ok();
            let solution = self.solve(job, number as u64, &keep_going).ok_or_else(Error::cancelled)?;
            let result = finish(job, solution);
            report(observer, stage, done.fetch_add(1, Ordering::Relaxed) + 1, Some(jobs.len()))?;
            Ok(result)
        });
        solved.collect()
    }

    fn solve(&self, job: &Job, number: u64, keep_going: &dyn Fn() -> bool) -> Option<Solution> {
        let task = &self.tasks[job.task];
        let (mut members, mut classes, mut costs) = (Vec::new(), Vec::new(), Vec::new());
        for (row, target) in task.targets.iter().enumerate() {
            if let (Some(class), true) = (target, job.held_out != Some(self.folds[row])) {
                members.push(row);
                classes.push(*class);
                costs.push(task.costs[row]);
            }
        }
        let first = job.first_class as usize;
        let mut positive_costs = [1.0; LANES];
        for (cost, of_class) in positive_costs.iter_mut().zip(task.positive_costs.iter().skip(first)) {
            *cost = *of_class;
        }
        let width = self.features - self.lexical;
        let block = EmbeddingBlock { lexical: self.lexical, width, weight: task.embedding_weight };
        let relevance =
            relevance(self.rows, &members, &classes, &costs, job.first_class, task.relevance, block);
        let problem = Problem {
            rows: self.rows,
            members: &members,
            classes: &classes,
            costs: &costs,
            positive_costs,
            relevance: &relevance,
            first_class: job.first_class,
            features: self.features,
        };
        let seed = self.seed.wrapping_add(number.wrapping_mul(0x9e37_79b9));
        let mut solution = solve(&problem, STOP, seed, keep_going)?;
        add_centroids(&mut solution, &problem, task.centroid, block);
        Some(solution)
    }

    fn score(&self, solution: &Solution, row: usize) -> [f32; LANES] {
        let (indices, values) = self.rows.row(row);
        let mut sums = solution.bias;
        for (&index, &value) in indices.iter().zip(values) {
            for (sum, weight) in sums.iter_mut().zip(&solution.weights[index as usize]) {
                *sum += value * weight;
            }
        }
        sums
    }
}
