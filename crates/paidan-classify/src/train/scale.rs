//! A task as large as a province's: 3,000 labels, 1,000,000 tickets. Run by hand:
//! `cargo test --release -p paidan-classify -- --ignored --nocapture 3000_labels`.

use super::fit::{FitPlan, FitTask};
use super::levels::parts;
use super::rows::Rows;
use super::size::TaskSize;
use super::solver::SplitMix64;
use super::targets::Targets;
use crate::features::FeatureVector;
use crate::heads::Head;
use crate::{Silent, TaskKind};

const LABELS: usize = 3_000;
const ROWS: usize = 1_000_000;
const FEATURES: usize = 150_000;
/// Words of a ticket: some that its label uses often, the others any.
const OWN: usize = 5;
const OTHER: usize = 15;

/// Most labels are rare, as with real ones: ranks fall off like 1 / rank.
fn label(random: &mut SplitMix64) -> usize {
    let uniform = (random.next() >> 11) as f64 / (1u64 << 53) as f64;
    ((LABELS as f64).powf(uniform) as usize).clamp(1, LABELS) - 1
}

fn features(random: &mut SplitMix64, label: usize) -> FeatureVector {
    let own = (0..OWN).map(|_| (label * 977 + (random.next() % 20) as usize * 31) % FEATURES);
    let own: Vec<usize> = own.collect();
    let uniform = |random: &mut SplitMix64| (random.next() >> 11) as f64 / (1u64 << 53) as f64;
    let any = (0..OTHER).map(|_| (FEATURES as f64 * uniform(random).powi(3)) as usize % FEATURES);
    let mut indices: Vec<u32> = own.into_iter().chain(any).map(|index| index as u32).collect();
    indices.sort_unstable();
    indices.dedup();
    let value = 1.0 / (indices.len() as f32).sqrt();
    FeatureVector { values: vec![value; indices.len()], indices }
}

/// The most memory that the process ever had, in MiB.
fn peak() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|line| line.split_whitespace().next()?.parse::<u64>().ok()).unwrap_or_default() / 1024
}

#[test]
#[ignore = "takes minutes"]
fn a_million_rows_of_3000_labels_stay_within_bounds() {
    let mut random = SplitMix64(1);
    let (mut rows, mut column) = (Rows::default(), Vec::new());
    for _ in 0..ROWS {
        let label = label(&mut random);
        rows.push(&features(&mut random, label));
        column.push(Some(format!("{label}")));
    }
    let (labels, targets, _) = Targets::collect(TaskKind::Label, &column).unwrap();
    drop(column);
    let before = peak();
    let begun = std::time::Instant::now();
    let folds: Vec<u32> = (0..ROWS as u32).map(|row| row % 5).collect();
    let size = TaskSize { rows: ROWS, classes: labels.len(), features: FEATURES };
    let held_out = size.held_out(5);
    let scored = size.scored(&targets, &folds, &held_out);
    let task = FitTask {
        parts: parts(&targets, labels.len(), None, |_, classes| vec![1.0; classes]),
        costs: vec![0.7; ROWS],
        relevance: 1.0,
        centroid: 1.0,
        embedding_weight: 0.0,
        classes: labels.len(),
        scored: scored.clone(),
        held_out,
        is_set: false,
        is_sparse: size.is_sparse(),
    };
    let tasks = [task];
    let plan = FitPlan {
        rows: &rows,
        tasks: &tasks,
        folds: &folds,
        features: FEATURES,
        lexical: FEATURES,
        vectors: 0,
        seed: 0,
    };
    let scores = plan.cross_scores("cross-validate", &Silent).unwrap().remove(0);
    let best = |scores: &[f32]| (0..scores.len()).max_by(|a, b| scores[*a].total_cmp(&scores[*b])).unwrap();
    let right = scores.chunks(labels.len()).zip(&scored);
    let right = right.filter(|(scores, row)| targets.of(**row as usize) == Some(&[best(scores) as u32][..]));
    let accuracy = right.count() as f64 / scored.len() as f64;
    drop(scores);
    let Head::Sparse(head) = plan.weights(&Silent).unwrap().remove(0).into_head(None) else {
        panic!("a task of this size is sparse");
    };
    let bytes = head.weights.len() * 3 + head.ends.len() * 6 + head.bias.len() * 4;
    println!(
        "{} labels, accuracy {accuracy:.3} on {} unseen rows, {:.0} s; peak {} MiB, of which rows {before} MiB; \
         head {:.0} MB, dense it would be {:.0} MB",
        labels.len(),
        scored.len(),
        begun.elapsed().as_secs_f64(),
        peak(),
        bytes as f64 / 1e6,
        (labels.len() * FEATURES) as f64 / 1e6,
    );
    assert!(accuracy > 0.6, "{accuracy}");
    assert!(peak() < 4096 && bytes < 200_000_000);
}
