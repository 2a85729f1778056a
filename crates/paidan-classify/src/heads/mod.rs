//! Linear heads: one for each task as it is trained and stored, all of them interleaved as they score.

mod accumulate;
mod interleaved;
mod linear_head;

pub(crate) use interleaved::Heads;
pub(crate) use linear_head::LinearHead;
