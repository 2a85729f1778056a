use super::finish::TRUSTED_WEIGHT;
use super::fit::{FitPlan, FitTask};
use crate::Error;
use crate::progress::Observer;

/// The norms of the embedding that are tried, where that of the lexical features is 1.
const TRIED: [f32; 3] = [0.25, 0.5, 1.0];

/// Chooses for each task how much the embedding counts: the weight that is right most often on the first fold when
/// the others are learnt; the tasks of `plan` hold out that fold only.
///
/// A task stays lexical unless the gain in right answers over the lexical head exceeds one standard error of chance,
/// that of the rows on which the two differ (McNemar, Psychometrika 1947): an encoder that knows nothing of the
/// matter must not lower what words know. `weights[task]` are the weights of the rows.
pub(super) fn choose_embedding_weights(
    plan: &FitPlan<'_>,
    asked: &[Option<f32>],
    weights: &[&[f32]],
    observer: &dyn Observer,
) -> Result<Vec<f32>, Error> {
    if asked.iter().all(Option::is_some) {
        return Ok(asked.iter().flatten().copied().collect());
    }
    let right = |weight: f32| -> Result<Vec<Vec<bool>>, Error> {
        let tasks: Vec<FitTask> =
            plan.tasks.iter().map(|task| FitTask { embedding_weight: weight, ..task.clone() }).collect();
        let plan = FitPlan { tasks: &tasks, ..*plan };
        let scores = plan.cross_scores("weigh the encoder", observer)?;
        Ok(tasks.iter().zip(&scores).zip(weights).map(|((t, s), w)| right_rows(t, s, w)).collect())
    };
    let lexical = right(0.0)?;
    let mut best: Vec<(usize, f32)> = vec![(0, 0.0); asked.len()];
    for weight in TRIED {
        for ((best, with), without) in best.iter_mut().zip(right(weight)?).zip(&lexical) {
            let gain = gain(without, &with);
            if gain > best.0 {
                *best = (gain, weight);
            }
        }
    }
    Ok(asked.iter().zip(best).map(|(asked, (_, chosen))| asked.unwrap_or(chosen)).collect())
}

/// For each trusted row that is scored, whether the highest score is that of its label; for a set, whether the labels
/// of positive scores are those of the row.
fn right_rows(task: &FitTask, scores: &[f32], weights: &[f32]) -> Vec<bool> {
    let Some(part) = task.parts.first() else { return Vec::new() };
    let rows = scores.chunks(task.classes.max(1)).zip(&task.scored);
    rows.filter_map(|(scores, row)| {
        let row = *row as usize;
        let own = part.targets.of(row).filter(|_| weights.get(row).is_some_and(|w| *w >= TRUSTED_WEIGHT))?;
        match own {
            [target] if !task.is_set => {
                let best = scores.get(*target as usize)?;
                let others = scores.iter().enumerate().filter(|(class, _)| *class != *target as usize);
                Some(others.into_iter().all(|(_, score)| score < best))
            }
            _ => {
                let agrees =
                    |(class, score): (u32, &f32)| (*score > 0.0) == own.binary_search(&class).is_ok();
                Some((0..).zip(scores).all(agrees))
            }
        }
    })
    .collect()
}

/// How many more rows are right `with` than `without`; 0 where that may be chance.
fn gain(without: &[bool], with: &[bool]) -> usize {
    let differ =
        |pair: fn(bool, bool) -> bool| without.iter().zip(with).filter(|(a, b)| pair(**a, **b)).count();
    let (won, lost) = (differ(|a, b| !a && b), differ(|a, b| a && !b));
    let gain = won.saturating_sub(lost);
    if (gain * gain) > won + lost { gain } else { 0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_gain_within_chance_counts_as_none() {
        let row = |won: usize, lost: usize| {
            let without: Vec<bool> = (0..won + lost).map(|row| row >= won).collect();
            let with: Vec<bool> = without.iter().map(|right| !right).collect();
            gain(&without, &with)
        };
        assert_eq!((row(0, 0), row(1, 0), row(2, 0), row(0, 9)), (0, 0, 2, 0));
        assert_eq!((row(60, 50), row(60, 49), row(60, 48)), (0, 11, 12));
        assert_eq!(gain(&[true; 5], &[true; 5]), 0);
    }
}
