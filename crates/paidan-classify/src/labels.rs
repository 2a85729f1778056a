use std::collections::{BTreeMap, HashMap};

use paidan_text::Normalizer;

/// The labels of one task, in Unicode order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LabelSet {
    labels: Vec<String>,
}

/// What was found while the labels of a task were collected; worth showing to the user.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct LabelReport {
    /// Spellings that were merged: the label kept, and what else was read as it.
    pub(crate) merged: Vec<(String, Vec<String>)>,
    /// Labels with a single example: learnt, but never measured.
    pub(crate) single_example: Vec<String>,
    /// Rows without a label.
    pub(crate) empty: usize,
}

impl LabelSet {
    /// The labels found in `values` and, for each value, the index of its label.
    ///
    /// Labels that differ only in blanks, width or invisible characters are one label, spelled as it is
    /// spelled most often (the first in Unicode order where two are equally common).
    pub(crate) fn collect(values: &[Option<String>]) -> (Self, Vec<Option<u32>>, LabelReport) {
        let mut spellings: HashMap<&str, usize> = HashMap::new();
        for value in values.iter().flatten() {
            *spellings.entry(value).or_default() += 1;
        }
        let mut variants: BTreeMap<String, Vec<(&str, usize)>> = BTreeMap::new();
        for (&spelled, &count) in &spellings {
            let key = label_key(spelled);
            if !key.is_empty() {
                variants.entry(key).or_default().push((spelled, count));
            }
        }
        let mut report = LabelReport::default();
        let mut by_label: BTreeMap<String, Vec<&str>> = BTreeMap::new();
        for mut same in variants.into_values() {
            same.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(b.0)));
            let Some(label) = same.first().map(|(spelled, _)| spelled.trim().to_owned()) else { continue };
            if same.len() > 1 {
                let others = same.iter().skip(1).map(|(spelled, _)| (*spelled).to_owned()).collect();
                report.merged.push((label.clone(), others));
            }
            if same.iter().map(|(_, count)| count).sum::<usize>() == 1 {
                report.single_example.push(label.clone());
            }
            by_label.insert(label, same.into_iter().map(|(spelled, _)| spelled).collect());
        }
        report.merged.sort();
        report.single_example.sort();
        let mut index_of: HashMap<&str, u32> = HashMap::new();
        for (index, spelled) in by_label.values().enumerate() {
            index_of.extend(spelled.iter().map(|&spelled| (spelled, index as u32)));
        }
        let indices: Vec<Option<u32>> =
            values.iter().map(|value| index_of.get(value.as_deref()?).copied()).collect();
        report.empty = indices.iter().filter(|index| index.is_none()).count();
        (Self { labels: by_label.into_keys().collect() }, indices, report)
    }

    pub(crate) fn from_labels(labels: Vec<String>) -> Self {
        Self { labels }
    }

    /// How many labels.
    pub fn len(&self) -> usize {
        self.labels.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.labels.is_empty()
    }

    /// The label at `index`.
    pub fn get(&self, index: usize) -> Option<&str> {
        self.labels.get(index).map(String::as_str)
    }

    /// All labels in order.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        self.labels.iter().map(String::as_str)
    }

    /// Finds labels however they are spelled.
    pub fn index(&self) -> LabelIndex {
        let keys = self.labels.iter().enumerate().map(|(index, label)| (label_key(label), index as u32));
        LabelIndex { by_key: keys.collect() }
    }
}

/// Finds the labels of a task by any spelling that differs only in blanks, width or invisible characters.
#[derive(Clone, Debug, Default)]
pub struct LabelIndex {
    by_key: HashMap<String, u32>,
}

impl LabelIndex {
    /// The index of `label` in the task's [`LabelSet`]; `None` where the task does not have it.
    pub fn find(&self, label: &str) -> Option<u32> {
        self.by_key.get(&label_key(label)).copied()
    }
}

/// What two spellings of one label have in common: normalised, without blanks.
pub(crate) fn label_key(label: &str) -> String {
    Normalizer.normalize(label).0.replace(' ', "")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn merges_spellings_and_reports() {
        let values: Vec<Option<String>> =
            ["住建局", "住建局 ", "住 建局", "住建局", "Ａ局", "", "\u{200b}", "供电"]
                .iter()
                .map(|value| Some((*value).to_owned()))
                .chain([None, Some("A局".to_owned()), Some("A局".to_owned())])
                .collect();
        let (labels, indices, report) = LabelSet::collect(&values);
        assert_eq!(labels.iter().collect::<Vec<_>>(), ["A局", "住建局", "供电"]);
        let expected = [1, 1, 1, 1, 0, 9, 9, 2, 9, 0, 0].map(|index| (index < 9).then_some(index));
        assert_eq!(indices, expected);
        assert_eq!(labels.index().find("Ａ 局"), Some(0));
        assert_eq!(report.empty, 3);
        assert_eq!(report.single_example, ["供电"]);
        assert_eq!(report.merged[0], ("A局".to_owned(), vec!["Ａ局".to_owned()]));
        assert_eq!(report.merged[1].1.len(), 2);
    }
}
