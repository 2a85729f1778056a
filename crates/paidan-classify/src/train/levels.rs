//! What the classes of a task are made of.

use super::fit::Part;
use super::targets::Targets;
use crate::path_tree::PathTree;

/// Share of the levels above in the weights of a path. On four levels of a hotline, against none: 3 points more
/// right at the first level, 2 at the second, 1 at the third, and no fewer at the last.
const ABOVE: f32 = 0.45;

/// One part with the classes of the task, and for a path one for each level above, whose nodes share their
/// weights with all labels below them: so a label of few rows lies near its siblings.
pub(super) fn parts(
    targets: &Targets,
    classes: usize,
    tree: Option<&PathTree>,
    positive_costs: impl Fn(&Targets, usize) -> Vec<f32>,
) -> Vec<Part> {
    let above = tree.map_or(0, |tree| tree.depth().saturating_sub(1));
    let part = |targets: Targets, classes: usize, nodes: Option<Vec<u32>>, share: f32| Part {
        positive_costs: positive_costs(&targets, classes),
        targets,
        classes,
        nodes,
        share,
    };
    let own_share = if above == 0 { 1.0 } else { 1.0 - ABOVE };
    let mut parts = vec![part(targets.clone(), classes, None, own_share)];
    for level in 0..above {
        let Some(tree) = tree else { break };
        let nodes = tree.nodes(level).to_vec();
        let share = ABOVE / above as f32;
        parts.push(part(targets.mapped(&nodes), tree.count(level), Some(nodes), share));
    }
    parts
}
