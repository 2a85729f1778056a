//! Fits all heads of all folds at once: every block of classes is a job of its own.

use std::sync::atomic::{AtomicUsize, Ordering};

use rayon::prelude::*;

use super::block_weights::{BlockWeights, Weights};
use super::centroid::add_centroids;
use super::embedding_block::EmbeddingBlock;
use super::relevance::relevance;
use super::rows::Rows;
use super::solver::{LANES, Problem, Solution, SplitMix64, Stop, solve};
use super::targets::Targets;
use crate::Error;
use crate::progress::{Observer, report};

/// A task as the solver needs it.
#[derive(Clone)]
pub(super) struct FitTask {
    /// What its classes are made of: for a path one part a level, else one.
    pub(super) parts: Vec<Part>,
    /// Cost of an error on each row.
    pub(super) costs: Vec<f32>,
    /// Power of the naive Bayes ratio by which features count; 0 makes all alike.
    pub(super) relevance: f32,
    /// Share of the class centroids in the weights.
    pub(super) centroid: f32,
    /// Norm of the embedding where that of the lexical features is 1.
    pub(super) embedding_weight: f32,
    pub(super) classes: usize,
    /// The rows that calibrate and measure, rising.
    pub(super) scored: Vec<u32>,
    /// The folds that are held out in turn.
    pub(super) held_out: Vec<u32>,
    /// Whether a row may have several classes or none.
    pub(super) is_set: bool,
    /// Whether weights near 0 are dropped to save memory.
    pub(super) is_sparse: bool,
}

/// Classes of a level, whose weights are shared by the classes of the task below them.
#[derive(Clone)]
pub(super) struct Part {
    pub(super) targets: Targets,
    /// How much more an error costs in a row of the class itself, for each class.
    pub(super) positive_costs: Vec<f32>,
    pub(super) classes: usize,
    /// The class here of each class of the task; `None` where they are the same.
    pub(super) nodes: Option<Vec<u32>>,
    /// Share of these weights in those of the task.
    pub(super) share: f32,
}

/// What is fitted, and on which rows.
#[derive(Clone, Copy)]
pub(super) struct FitPlan<'a> {
    pub(super) rows: &'a Rows,
    pub(super) tasks: &'a [FitTask],
    /// Fold of each row.
    pub(super) folds: &'a [u32],
    /// Features in all.
    pub(super) features: usize,
    /// Those of them that are n-grams, which come first.
    pub(super) lexical: usize,
    /// Numbers of the vectors of words, which follow; the rest is the embedding.
    pub(super) vectors: usize,
    pub(super) seed: u64,
}

const STOP: Stop = Stop { max_epochs: 40, tolerance: 0.02 };
/// The most rows of other classes in a block. Where there are more, some are drawn and count for the rest, so
/// that the time of a task with many labels grows with its rows, not with rows times labels.
const MAX_OTHERS: usize = 100_000;

/// One block of one part of a task, fitted without one fold or on everything.
struct Job {
    task: usize,
    part: usize,
    first_class: u32,
    held_out: Option<u32>,
}

impl Part {
    /// Calls `visit` with each class of the task that shares a class of the block from `first_class` on, and
    /// the lane of the latter.
    pub(super) fn for_each_class(&self, first_class: u32, mut visit: impl FnMut(usize, usize)) {
        let lane = |node: u32| Some(node.checked_sub(first_class)? as usize).filter(|lane| *lane < LANES);
        match &self.nodes {
            None => (first_class as usize..self.classes.min(first_class as usize + LANES))
                .enumerate()
                .for_each(|(lane, class)| visit(class, lane)),
            Some(nodes) => nodes
                .iter()
                .enumerate()
                .filter_map(|(class, &node)| Some((class, lane(node)?)))
                .for_each(|(class, lane)| visit(class, lane)),
        }
    }
}

impl FitPlan<'_> {
    /// Scores of the rows that measure by a model that has not seen their fold: `scores[task]` is
    /// `(scored rows, classes)`.
    pub(super) fn cross_scores(
        &self,
        stage: &'static str,
        observer: &dyn Observer,
    ) -> Result<Vec<Vec<f32>>, Error> {
        let jobs = self.jobs(|task| task.held_out.iter().copied().map(Some).collect());
        let blocks = self.run(&jobs, stage, observer, |job, solution| {
            let scored = self.tasks[job.task].scored.iter().enumerate();
            let members = scored.filter(|(_, row)| Some(self.folds[**row as usize]) == job.held_out);
            members.map(|(at, row)| (at, self.score(&solution, *row as usize))).collect::<Vec<_>>()
        })?;
        let mut scores: Vec<Vec<f32>> =
            self.tasks.iter().map(|task| vec![0.0; task.scored.len() * task.classes]).collect();
        for (job, block) in jobs.iter().zip(blocks) {
            let task = &self.tasks[job.task];
            let part = &task.parts[job.part];
            part.for_each_class(job.first_class, |class, lane| {
                for (at, lanes) in &block {
                    scores[job.task][at * task.classes + class] += part.share * lanes[lane];
                }
            });
        }
        Ok(scores)
    }

    /// Weights of all tasks, fitted on all rows.
    pub(super) fn weights(&self, observer: &dyn Observer) -> Result<Vec<Weights>, Error> {
        let jobs = self.jobs(|_| vec![None]);
        let blocks = self.run(&jobs, "fit", observer, |job, solution| {
            BlockWeights::new(solution, self.tasks[job.task].is_sparse)
        })?;
        let mut weights: Vec<Weights> =
            self.tasks.iter().map(|task| Weights::new(self.features, task.classes, task.is_sparse)).collect();
        for (job, block) in jobs.iter().zip(blocks) {
            weights[job.task].add(block, &self.tasks[job.task].parts[job.part], job.first_class);
        }
        Ok(weights)
    }

    fn jobs(&self, held_out: impl Fn(&FitTask) -> Vec<Option<u32>>) -> Vec<Job> {
        let mut jobs = Vec::new();
        for (number, task) in self.tasks.iter().enumerate() {
            let held_out = held_out(task);
            for (part, of_part) in task.parts.iter().enumerate() {
                for first_class in (0..of_part.classes as u32).step_by(LANES) {
                    let job = |&held_out| Job { task: number, part, first_class, held_out };
                    jobs.extend(held_out.iter().map(job));
                }
            }
        }
        jobs
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
        let part = &task.parts[job.part];
        let seed = self.seed.wrapping_add(number.wrapping_mul(0x9e37_79b9));
        let (members, own, costs) = self.members(job, seed);
        let first = job.first_class as usize;
        let mut positive_costs = [1.0; LANES];
        for (cost, of_class) in positive_costs.iter_mut().zip(part.positive_costs.iter().skip(first)) {
            *cost = *of_class;
        }
        let block = EmbeddingBlock {
            lexical: self.lexical,
            vectors: self.vectors,
            sees_vectors: !task.is_sparse,
            width: self.features - self.lexical - self.vectors,
            weight: task.embedding_weight,
        };
        let relevance = relevance(self.rows, &members, &own, &costs, task.relevance, block);
        let problem = Problem {
            rows: self.rows,
            members: &members,
            own: &own,
            costs: &costs,
            positive_costs,
            relevance: &relevance,
            features: self.features,
        };
        let mut solution = solve(&problem, STOP, seed, keep_going)?;
        add_centroids(&mut solution, &problem, task.centroid, block);
        Some(solution)
    }

    /// The rows that a block is fitted on, which of its classes each has, and what an error costs there.
    fn members(&self, job: &Job, seed: u64) -> (Vec<usize>, Vec<u16>, Vec<f32>) {
        let task = &self.tasks[job.task];
        let targets = &task.parts[job.part].targets;
        let lane = |class: &u32| class.checked_sub(job.first_class).filter(|lane| *lane < LANES as u32);
        let mask = |classes: &[u32]| classes.iter().filter_map(lane).fold(0u16, |own, lane| own | 1 << lane);
        let known = targets.iter().enumerate().filter_map(|(row, classes)| Some((row, mask(classes?))));
        let known = known.filter(|(row, _)| job.held_out != Some(self.folds[*row]));
        let others = known.clone().filter(|(_, own)| *own == 0).count();
        let rate = (MAX_OTHERS as f64 / others.max(1) as f64).min(1.0);
        let mut random = SplitMix64(seed);
        let mut is_drawn = || rate >= 1.0 || ((random.next() >> 11) as f64) < rate * (1u64 << 53) as f64;
        let (mut members, mut own, mut costs) = (Vec::new(), Vec::new(), Vec::new());
        for (row, lanes) in known {
            if lanes != 0 || is_drawn() {
                members.push(row);
                own.push(lanes);
                costs.push(if lanes != 0 { task.costs[row] } else { task.costs[row] / rate as f32 });
            }
        }
        (members, own, costs)
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
