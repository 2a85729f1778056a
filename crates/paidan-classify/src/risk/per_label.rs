use super::promise::ranked;
use super::{Answer, Certification, Need, Promise, Thresholds};

/// Thresholds of single labels, and one that the other labels share.
#[derive(Clone, Debug, PartialEq)]
pub struct PerLabel {
    /// Every label that was given to a row, in the order of the task's [`LabelSet`](crate::LabelSet).
    pub labels: Vec<LabelCertification>,
    /// What came of the group of all labels that were not tried by themselves, together.
    pub others: Certification,
}

/// What came of one label.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LabelCertification {
    /// The label, by its index.
    pub label: u32,
    /// Whether the label was tried by itself; otherwise it shares the threshold of the others.
    pub is_own: bool,
    /// The least probability accepted; `None` where a person decides.
    pub threshold: Option<f32>,
    /// Rows given this label.
    pub rows: usize,
    /// Those of them that reach the threshold.
    pub accepted: usize,
    /// Those of the accepted that are right.
    pub right: usize,
    /// How many more rows given this label would certify it by itself; `None` where it is certified so.
    pub need: Option<Need>,
}

/// A label is tried by itself if its first test would pass at least so often, were the probabilities about
/// right.
const LEAST_CHANCE: f64 = 0.5;

impl Promise {
    /// Thresholds for each label given, so that the promise is kept by every label or group certified, all
    /// at once with the confidence stated, and therefore also by the accepted answers as a whole.
    ///
    /// A label is tried by itself where its rows suffice: where its first test would pass more often than
    /// not, were the stated probabilities about right. All other labels form one group. The admissible error is
    /// divided evenly among the labels tried and the group (Bonferroni). Neither who is tried nor what a
    /// test looks at depends on which answers were right, so that every test is as valid as that of
    /// [`certify`](Self::certify), whose search is made in each group. A label that was tried and not
    /// certified goes to a person: to put it back among the others would choose the group by its mistakes.
    pub fn certify_per_label(self, answers: &[Answer]) -> PerLabel {
        let groups = by_label(answers);
        let tried = self.tried(&groups);
        let error = self.error() / (tried.len() + 1) as f64;
        let is_tried = |label: u32| tried.contains(&label);
        let rest = answers.iter().filter(|answer| !is_tried(answer.label));
        let others = self.certify_group(&ranked(&rest.copied().collect::<Vec<_>>()), error);
        // One label more would have had to share.
        let error_of_another = self.error() / (tried.len() + 2) as f64;
        let certify = |group: &Vec<Answer>| {
            let label = group.first()?.label;
            let is_own = is_tried(label);
            let certification = if is_own { self.certify_group(group, error) } else { others };
            let threshold = certification.threshold();
            let accepted =
                || group.iter().filter(|answer| threshold.is_some_and(|t| answer.probability >= t));
            let need = match certification {
                Certification::Certified { .. } if is_own => None,
                Certification::NotCertified { need, .. } if is_own => Some(need),
                _ => Some(self.need(group, error_of_another)),
            };
            Some(LabelCertification {
                label,
                is_own,
                threshold,
                rows: group.len(),
                accepted: accepted().count(),
                right: accepted().filter(|answer| answer.right).count(),
                need,
            })
        };
        PerLabel { labels: groups.iter().filter_map(certify).collect(), others }
    }

    /// The labels tried by themselves: all whose rows suffice for a share of the error, the fewer labels
    /// share it the more.
    fn tried(self, groups: &[Vec<Answer>]) -> Vec<u32> {
        let mut tried: Vec<&Vec<Answer>> = groups.iter().collect();
        loop {
            let before = tried.len();
            let error = self.error() / (before + 1) as f64;
            tried.retain(|group| self.chance(group, error) >= LEAST_CHANCE);
            if tried.len() == before {
                return tried.iter().filter_map(|group| Some(group.first()?.label)).collect();
            }
        }
    }
}

impl PerLabel {
    /// The thresholds found.
    pub fn thresholds(&self) -> Thresholds {
        let own = self.labels.iter().filter(|label| label.is_own);
        Thresholds::PerLabel {
            labels: own.map(|label| (label.label, label.threshold)).collect(),
            others: self.others.threshold(),
        }
    }
}

/// The answers of each label that was given, most probable first, in the order of the labels.
fn by_label(answers: &[Answer]) -> Vec<Vec<Answer>> {
    let mut sorted = ranked(answers);
    sorted.sort_by_key(|answer| answer.label);
    sorted.chunk_by(|a, b| a.label == b.label).map(<[Answer]>::to_vec).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(label: u32, count: usize, probability: f32, wrong_each: usize) -> Vec<Answer> {
        let answer = |i| Answer { label, probability, right: (i + 1) % wrong_each != 0 };
        (0..count).map(answer).collect()
    }

    #[test]
    fn labels_with_enough_rows_stand_alone_and_the_rest_together() {
        let promise = Promise::new(0.9, 0.9).unwrap();
        let mut answers = rows(0, 400, 0.98, 100);
        // Boasts of 0.98 and is right in 0.8.
        answers.extend(rows(1, 400, 0.98, 5));
        // Forty rows of each are too few alone and enough together.
        (2..6).for_each(|label| answers.extend(rows(label, 40, 0.97, 41)));
        answers.extend(rows(6, 1, 0.99, 1));
        let found = promise.certify_per_label(&answers);
        let own: Vec<u32> = found.labels.iter().filter(|l| l.is_own).map(|l| l.label).collect();
        assert_eq!(own, [0, 1]);
        let label = |index: usize| found.labels[index];
        assert_eq!((label(0).threshold, label(0).accepted, label(0).need), (Some(0.98), 400, None));
        assert_eq!((label(1).threshold, label(1).need), (None, Some(Need::BetterModel)));
        assert_eq!((label(3).threshold, label(3).rows, label(3).right), (Some(0.97), 40, 40));
        assert!(matches!(label(3).need, Some(Need::About { .. })), "{:?}", label(3));
        // A single wrong row is accepted with its group.
        assert_eq!((label(6).accepted, label(6).right), (1, 0));
        let thresholds = found.thresholds();
        assert_eq!(thresholds.accepts(0, 0.98), Some(true));
        assert_eq!(thresholds.accepts(1, 0.999), Some(false));
        assert_eq!((thresholds.accepts(9, 0.97), thresholds.accepts(9, 0.96)), (Some(true), Some(false)));
    }

    #[test]
    fn without_a_label_to_try_all_share_one_threshold() {
        let promise = Promise::new(0.9, 0.9).unwrap();
        let answers: Vec<Answer> = (0..20).flat_map(|label| rows(label, 8, 0.95, 9)).collect();
        let found = promise.certify_per_label(&answers);
        assert!(found.labels.iter().all(|label| !label.is_own));
        assert_eq!(found.others, promise.certify(&answers));
        assert_eq!(promise.certify_per_label(&[]).labels, []);
    }
}
