/// Where the numbers of the embedding stand among the features, and how much a task makes of them.
///
/// Rows hold the embedding at norm 1, as they hold the lexical features; a task sees it times its own weight.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct EmbeddingBlock {
    /// Lexical features, which come first.
    pub(super) lexical: usize,
    /// Numbers of the vectors of the ticket's words, which follow.
    pub(super) vectors: usize,
    /// Whether the task sees them, as they are.
    pub(super) sees_vectors: bool,
    /// Numbers of the embedding, which come last.
    pub(super) width: usize,
    /// Norm of the embedding as the task sees it; 0 makes the task lexical.
    pub(super) weight: f32,
}

impl EmbeddingBlock {
    /// By what feature `index` is multiplied.
    pub(super) fn weight_of(self, index: u32) -> f32 {
        match index as usize {
            index if index < self.lexical => 1.0,
            index if index < self.lexical + self.vectors => f32::from(u8::from(self.sees_vectors)),
            _ => self.weight,
        }
    }
}
