use std::collections::HashMap;

use crate::LabelSet;
use crate::labels::label_key;
use crate::task_kind::{LEVEL_MARK, MAX_LEVELS};

/// The nodes above the labels of a path task: which labels share a level.
///
/// A label that ends before a level is a node of its own there.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct PathTree {
    /// For each level the node of each label.
    nodes: Vec<Vec<u32>>,
    /// Nodes of each level.
    counts: Vec<usize>,
}

/// The levels of a path, the broadest first.
pub(crate) fn levels_of(label: &str) -> impl Iterator<Item = &str> {
    label.split(LEVEL_MARK)
}

/// What all paths have in common that share the first `count` levels of `label`.
pub(crate) fn level_key(label: &str, count: usize) -> String {
    levels_of(label).take(count).map(label_key).collect::<Vec<_>>().join(LEVEL_MARK)
}

impl PathTree {
    /// The tree over `labels`.
    pub(crate) fn new(labels: &LabelSet) -> Self {
        let depth = labels.iter().map(|label| levels_of(label).count()).max().unwrap_or(1).min(MAX_LEVELS);
        let mut tree = Self::default();
        for level in 1..=depth {
            let mut known: HashMap<(bool, String), u32> = HashMap::new();
            let nodes = labels.iter().map(|label| {
                // A label that ends here is not the node of those that go on below it.
                let ends_above = levels_of(label).count() < level;
                let next = known.len() as u32;
                *known.entry((ends_above, level_key(label, level))).or_insert(next)
            });
            tree.nodes.push(nodes.collect());
            tree.counts.push(known.len());
        }
        tree
    }

    /// How many levels.
    pub(crate) fn depth(&self) -> usize {
        self.nodes.len()
    }

    /// Nodes of `level`, counted from 0.
    pub(crate) fn count(&self, level: usize) -> usize {
        self.counts.get(level).copied().unwrap_or_default()
    }

    /// The node of `label` at `level`, counted from 0.
    pub(crate) fn node(&self, level: usize, label: usize) -> Option<u32> {
        self.nodes.get(level)?.get(label).copied()
    }

    /// The nodes of all labels at `level`.
    pub(crate) fn nodes(&self, level: usize) -> &[u32] {
        self.nodes.get(level).map(Vec::as_slice).unwrap_or_default()
    }

    /// The probability of `node` at `level`: the sum over its labels.
    pub(crate) fn probability(&self, level: usize, node: u32, probabilities: &[f32]) -> f32 {
        let own = self.nodes(level).iter().zip(probabilities).filter(|(of, _)| **of == node);
        own.map(|(_, probability)| *probability).sum::<f32>().min(1.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nodes_are_shared_by_level() {
        let labels = ["城管", "城管 > 环卫 > 公厕", "城管 > 环卫 > 垃圾", "城 管 > 市容", "供水 > 停水"];
        let tree = PathTree::new(&LabelSet::from_labels(labels.map(str::to_owned).to_vec()));
        assert_eq!(tree.depth(), 3);
        assert_eq!(tree.nodes(0), [0, 0, 0, 0, 1]);
        assert_eq!(tree.nodes(1), [0, 1, 1, 2, 3]);
        assert_eq!((tree.count(0), tree.count(1), tree.count(2)), (2, 4, 5));
        let probabilities = [0.1, 0.3, 0.2, 0.15, 0.25];
        assert!((tree.probability(0, 0, &probabilities) - 0.75).abs() < 1e-6);
        assert!((tree.probability(1, 1, &probabilities) - 0.5).abs() < 1e-6);
        assert_eq!(tree.node(0, 4), Some(1));
        assert_eq!(tree.node(9, 0), None);
    }
}
