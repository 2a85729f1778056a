//! Linear heads: one for each task as it is trained and stored, all of them together as they score.

mod accumulate;
mod interleaved;
mod linear_head;
mod sparse_head;

pub(crate) use interleaved::Heads;
pub(crate) use linear_head::LinearHead;
pub(crate) use sparse_head::SparseHead;

/// The head of one task.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Head {
    /// Every weight is kept.
    Dense(LinearHead),
    /// Only weights other than 0 are.
    Sparse(SparseHead),
}
