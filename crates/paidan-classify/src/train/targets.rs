use std::ops::Range;

use crate::labels::{LabelReport, LabelSet};
use crate::task_kind::TaskKind;

/// The classes of each row: one, or for a set any number; rows without a label are left out of the task.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Targets {
    /// Where the classes of each row stand; `None` for a row of which nothing is known.
    rows: Vec<Option<Range<u32>>>,
    classes: Vec<u32>,
}

impl Targets {
    /// Collects the labels of a column of this kind.
    ///
    /// # Errors
    ///
    /// What is wrong with a value.
    pub(crate) fn collect(
        kind: TaskKind,
        column: &[Option<String>],
    ) -> Result<(LabelSet, Self, LabelReport), &'static str> {
        let mut targets = Self::default();
        if kind == TaskKind::Label {
            let (labels, indices, report) = LabelSet::collect(column);
            indices.iter().for_each(|index| targets.push(index.map(|class| vec![class])));
            return Ok((labels, targets, report));
        }
        let of_row = |value: &Option<String>| value.as_deref().map_or(Ok(None), |v| kind.labels_of(v));
        let rows: Vec<Option<Vec<String>>> = column.iter().map(of_row).collect::<Result<_, _>>()?;
        let flat: Vec<Option<String>> = rows.iter().flatten().flatten().cloned().map(Some).collect();
        let (labels, indices, mut report) = LabelSet::collect(&flat);
        let mut indices = indices.into_iter().flatten();
        for row in &rows {
            targets.push(row.as_ref().map(|labels| indices.by_ref().take(labels.len()).collect()));
        }
        report.empty = rows.iter().filter(|row| row.is_none()).count();
        Ok((labels, targets, report))
    }

    fn push(&mut self, classes: Option<Vec<u32>>) {
        let start = self.classes.len() as u32;
        self.rows.push(classes.map(|mut classes| {
            classes.sort_unstable();
            classes.dedup();
            self.classes.extend(classes);
            start..self.classes.len() as u32
        }));
    }

    /// How many rows.
    pub(crate) fn len(&self) -> usize {
        self.rows.len()
    }

    /// The classes of a row; `None` where nothing is known of it.
    pub(crate) fn of(&self, row: usize) -> Option<&[u32]> {
        let range = self.rows.get(row)?.as_ref()?;
        self.classes.get(range.start as usize..range.end as usize)
    }

    /// The classes of all rows.
    pub(crate) fn iter(&self) -> impl Iterator<Item = Option<&[u32]>> + Clone {
        (0..self.len()).map(|row| self.of(row))
    }

    /// How many rows have a label.
    pub(crate) fn known(&self) -> usize {
        self.rows.iter().flatten().count()
    }

    /// The same rows with each class replaced by `nodes[class]`.
    pub(crate) fn mapped(&self, nodes: &[u32]) -> Self {
        let map = |class: &u32| nodes.get(*class as usize).copied().unwrap_or(*class);
        Self { rows: self.rows.clone(), classes: self.classes.iter().map(map).collect() }
    }

    /// Rows of each class.
    pub(crate) fn sizes(&self, classes: usize) -> Vec<usize> {
        let mut sizes = vec![0usize; classes];
        for class in &self.classes {
            if let Some(size) = sizes.get_mut(*class as usize) {
                *size += 1;
            }
        }
        sizes
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sets_and_blanks() {
        let column = ["a;b", "[]", "", "b; b"].map(|value| Some(value.to_owned()));
        let (labels, targets, report) = Targets::collect(TaskKind::Set, &column).unwrap();
        assert_eq!(labels.iter().collect::<Vec<_>>(), ["a", "b"]);
        let rows: Vec<_> = targets.iter().collect();
        assert_eq!(rows, [Some(&[0, 1][..]), Some(&[][..]), None, Some(&[1][..])]);
        assert_eq!((report.empty, targets.known(), targets.sizes(2)), (1, 3, vec![1, 2]));
        assert_eq!(targets.mapped(&[4, 4]).of(0), Some(&[4, 4][..]));
        let wrong = [Some("a>b>c>d>e>f".to_owned())];
        assert!(Targets::collect(TaskKind::Path, &wrong).is_err());
    }
}
