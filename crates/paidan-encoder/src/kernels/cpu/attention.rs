use std::ops::Range;

use rayon::prelude::*;

use super::arithmetic::Singles;
use super::lanes::{Isa, LANES};
use super::matrix::Matrix;
use super::panels::Panels;
use super::product::{Plain, Product};
use super::softmax::Softmax;

/// Queries whose scores are in memory at a time.
const QUERIES: usize = 96;

/// Scaled dot-product attention over the texts of a pack.
pub(super) struct Attention<'a> {
    pub(super) isa: Isa,
    /// (rows, hidden)
    pub(super) queries: &'a [f32],
    /// (tokens, 2 · hidden): keys, then values.
    pub(super) keys_values: &'a [f32],
    pub(super) hidden: usize,
    pub(super) heads: usize,
    /// Whether the heads go to different threads.
    pub(super) split: bool,
}

impl Attention<'_> {
    /// Attends from the queries of rows `queries` to the tokens of rows `tokens`; `out` is (queries, hidden).
    pub(super) fn run(&self, queries: Range<usize>, tokens: Range<usize>, out: &mut [f32]) {
        let width = self.hidden / self.heads;
        if self.split {
            let rows = queries.len();
            let parts: Vec<Vec<f32>> = (0..self.heads)
                .into_par_iter()
                .map(|head| {
                    let mut part = vec![0.0; rows * width];
                    self.run_head(head, queries.clone(), tokens.clone(), &mut part, width);
                    part
                })
                .collect();
            for (head, part) in parts.iter().enumerate() {
                for (out, part) in out.chunks_exact_mut(self.hidden).zip(part.chunks_exact(width)) {
                    out[head * width..(head + 1) * width].copy_from_slice(part);
                }
            }
        } else {
            for head in 0..self.heads {
                let out = out.get_mut(head * width..).unwrap_or_default();
                self.run_head(head, queries.clone(), tokens.clone(), out, self.hidden);
            }
        }
    }

    /// The same for one head; rows of `out` begin `stride` apart.
    fn run_head(
        &self,
        head: usize,
        queries: Range<usize>,
        tokens: Range<usize>,
        out: &mut [f32],
        stride: usize,
    ) {
        let width = self.hidden / self.heads;
        let part = |from: usize| Matrix {
            values: self.keys_values.get(tokens.start * 2 * self.hidden + from..).unwrap_or_default(),
            rows: tokens.len(),
            width,
            stride: 2 * self.hidden,
        };
        let keys = Panels::transposed(part(head * width));
        let values = Panels::new(part(self.hidden + head * width));
        let padded = tokens.len().next_multiple_of(LANES);
        let mut scores = vec![0.0; padded * queries.len().min(QUERIES)];
        for first in (0..queries.len()).step_by(QUERIES) {
            let rows = QUERIES.min(queries.len() - first);
            let scores = &mut scores[..rows * padded];
            let start = (queries.start + first) * self.hidden + head * width;
            let left = Matrix { values: &self.queries[start..], rows, width, stride: self.hidden };
            self.product(left, &keys, scores, padded);
            let scale = 1.0 / (width as f32).sqrt();
            self.isa.run(Softmax { values: scores, width: tokens.len(), stride: padded, scale });
            let left = Matrix { values: scores, rows, width: tokens.len(), stride: padded };
            self.product(left, &values, &mut out[first * stride..], stride);
        }
    }

    fn product(&self, left: Matrix<'_>, right: &Panels, out: &mut [f32], stride: usize) {
        self.isa.run(Product::<Singles, _> { left, right, finish: Plain, out, stride });
    }
}
