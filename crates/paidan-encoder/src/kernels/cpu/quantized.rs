use std::ops::Range;

use super::arithmetic::{Arithmetic, Pairs, Quads};
use super::lanes::{Isa, Kernel, LANES, Simd};
use super::matrix::Matrix;
use super::panels::Panels;
use super::product::{Activated, Finish, Product};

/// A linear layer in 8-bit integers: weights with a scale for each output, inputs with a scale and a zero for each row,
/// found while it runs.
///
/// What a row becomes does not depend on the rows around it, nor on the instruction set.
#[derive(Debug)]
pub(super) struct QuantizedLinear {
    layout: Layout,
    panels: Panels<i32>,
    /// Inputs of a row.
    depth: usize,
    /// What one step of the weights of an output is worth.
    scales: Vec<f32>,
    /// The sum of the weights of an output, in steps.
    sums: Vec<f32>,
}

/// How integers lie in words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Layout {
    /// Two of 16 bits, for processors that multiply no bytes.
    Pairs,
    /// Four of 8 bits.
    Quads,
}

/// The largest weight, in steps.
const WEIGHT: f32 = 127.0;
/// The largest input, in steps above the smallest.
const INPUT: f32 = 255.0;

impl QuantizedLinear {
    /// Inputs of which no sum leaves the range of 32 bits.
    pub(super) const MOST_INPUTS: usize = 65_536;

    /// From `weight`, (outputs, inputs).
    pub(super) fn new(isa: Isa, weight: Matrix<'_>) -> Self {
        let layout = if isa.has_quads() { Layout::Quads } else { Layout::Pairs };
        let width = layout.words(weight.width);
        let mut words = Vec::with_capacity(weight.rows * width);
        let (mut scales, mut sums) = (Vec::new(), Vec::new());
        for row in (0..weight.rows).filter_map(|index| weight.row(index)) {
            let largest = row.iter().fold(0.0f32, |largest, value| largest.max(value.abs()));
            let steps = if largest > 0.0 { WEIGHT / largest } else { 0.0 };
            let row: Vec<i8> = row.iter().map(|value| (value * steps).round() as i8).collect();
            scales.push(largest / WEIGHT);
            sums.push(row.iter().map(|weight| i32::from(*weight)).sum::<i32>() as f32);
            layout.append(&row, |weight| i16::from(weight).cast_unsigned(), &mut words);
        }
        let panels = Panels::transposed(Matrix { values: &words, rows: weight.rows, width, stride: width });
        Self { layout, panels, depth: weight.width, scales, sums }
    }

    pub(super) fn inputs(&self) -> usize {
        self.depth
    }

    /// `out = activation(left · weightᵀ + bias)`; `left` is (rows, inputs), `out` (rows, outputs).
    pub(super) fn run(&self, isa: Isa, left: &[f32], activated: Activated<'_>, out: &mut [f32]) {
        let rows = left.len() / self.depth.max(1);
        let width = self.layout.words(self.depth);
        let mut words = Vec::with_capacity(rows * width);
        let mut steps = Vec::with_capacity(rows);
        let quantize = Quantize {
            values: left,
            depth: self.depth,
            layout: self.layout,
            words: &mut words,
            steps: &mut steps,
        };
        isa.run(quantize);
        let left = Matrix { values: &words, rows, width, stride: width };
        let finish = Dequantize { weights: self, rows: &steps, activated };
        let (right, stride) = (&self.panels, self.panels.columns());
        match self.layout {
            Layout::Pairs => isa.run(Product::<Pairs, _> { left, right, finish, out, stride }),
            Layout::Quads => isa.run(Product::<Quads, _> { left, right, finish, out, stride }),
        }
    }
}

impl Layout {
    /// The words of a row of `count` integers.
    fn words(self, count: usize) -> usize {
        match self {
            Self::Pairs => count.div_ceil(2),
            Self::Quads => count.div_ceil(4),
        }
    }

    /// Appends `row`, whose integers `widen` gives in 16 bits, in words.
    #[inline(always)]
    fn append<T: Copy>(self, row: &[T], widen: impl Fn(T) -> u16, words: &mut Vec<i32>) {
        match self {
            Self::Pairs => {
                let word = |low: u16, high: u16| (u32::from(low) | u32::from(high) << 16).cast_signed();
                let (pairs, rest) = row.as_chunks::<2>();
                words.extend(pairs.iter().map(|[low, high]| word(widen(*low), widen(*high))));
                words.extend(rest.iter().map(|last| word(widen(*last), 0)));
            }
            Self::Quads => {
                let word = |bytes: &[T]| {
                    let bytes: [u8; 4] =
                        std::array::from_fn(|at| bytes.get(at).map_or(0, |byte| widen(*byte) as u8));
                    i32::from_le_bytes(bytes)
                };
                let (quads, rest) = row.as_chunks::<4>();
                words.extend(quads.iter().map(|quad| word(quad)));
                words.extend(rest.chunks(4).map(word));
            }
        }
    }
}

/// How the integers of a row of inputs are to be read: `value = (integer - zero) · scale`.
#[derive(Debug, Clone, Copy)]
struct Steps {
    scale: f32,
    zero: f32,
}

/// Rows of inputs become integers.
struct Quantize<'a> {
    values: &'a [f32],
    depth: usize,
    layout: Layout,
    words: &'a mut Vec<i32>,
    steps: &'a mut Vec<Steps>,
}

impl Kernel for Quantize<'_> {
    type Output = ();

    #[inline(always)]
    fn run<S: Simd>(self, simd: S) {
        let mut bytes = vec![[0; LANES]; self.depth.div_ceil(LANES)];
        for row in self.values.chunks_exact(self.depth.max(1)) {
            let (whole, rest) = row.as_chunks::<LANES>();
            let rest = (!rest.is_empty()).then(|| simd.load_part(rest, 0.0));
            let lanes = || whole.iter().map(|values| simd.load(values)).chain(rest);
            // Zero lies between the two, so that it is a step.
            let zero = simd.splat(0.0);
            let least = -simd.largest(simd.sub(zero, lanes().fold(zero, |a, b| simd.min(a, b))));
            let most = simd.largest(lanes().fold(zero, |a, b| simd.max(a, b)));
            let range = most - least;
            let (scale, per_step) = if range > 0.0 { (range / INPUT, INPUT / range) } else { (0.0, 0.0) };
            let zero = (-least * per_step).round();
            let (factor, shift) = (simd.splat(per_step), simd.splat(zero));
            for (to, value) in bytes.iter_mut().zip(lanes()) {
                *to = simd.to_bytes(simd.mul_add(value, factor, shift));
            }
            self.layout.append(&bytes.as_flattened()[..self.depth], u16::from, self.words);
            self.steps.push(Steps { scale, zero });
        }
    }
}

/// Sums of integers become numbers, with bias and activation.
struct Dequantize<'a> {
    weights: &'a QuantizedLinear,
    /// One of each row.
    rows: &'a [Steps],
    activated: Activated<'a>,
}

/// What a column's sums need: the sum of its weights, its scale, its bias.
type Column<S> = (<S as Simd>::F32s, <S as Simd>::F32s, <S as Simd>::F32s);

impl<A: Integers> Finish<A> for Dequantize<'_> {
    type Columns<S: Simd> = Column<S>;

    #[inline(always)]
    fn columns<S: Simd>(&self, simd: S, columns: Range<usize>) -> Column<S> {
        let load = |of: &[f32]| simd.load_some(&of[columns.clone()]);
        (load(&self.weights.sums), load(&self.weights.scales), load(self.activated.bias))
    }

    #[inline(always)]
    fn finish<S: Simd>(
        &self,
        simd: S,
        sums: A::Lanes<S>,
        row: usize,
        (of_weights, of_column, bias): Column<S>,
    ) -> S::F32s {
        let Steps { scale, zero } = self.rows[row];
        let sums = simd.sub(A::to_f32(simd, sums), simd.mul(simd.splat(zero), of_weights));
        let scale = simd.mul(simd.splat(scale), of_column);
        self.activated.activate(simd, simd.mul_add(sums, scale, bias))
    }
}

/// Arithmetic whose sums are integers.
trait Integers: Arithmetic {
    fn to_f32<S: Simd>(simd: S, sums: Self::Lanes<S>) -> S::F32s;
}

impl Integers for Pairs {
    #[inline(always)]
    fn to_f32<S: Simd>(simd: S, sums: S::I32s) -> S::F32s {
        simd.to_f32(sums)
    }
}

impl Integers for Quads {
    #[inline(always)]
    fn to_f32<S: Simd>(simd: S, sums: S::I32s) -> S::F32s {
        simd.to_f32(sums)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernels::cpu::random;

    fn run(isa: Isa, left: &[f32], weight: Matrix<'_>, bias: &[f32]) -> Vec<f32> {
        let linear = QuantizedLinear::new(isa, weight);
        let mut out = vec![7.0; left.len() / weight.width * weight.rows];
        linear.run(isa, left, Activated { bias, activation: None }, &mut out);
        out
    }

    #[test]
    fn every_instruction_set_gives_the_product_of_the_same_integers() {
        for (rows, depth, columns) in [(1, 1, 1), (5, 7, 15), (13, 33, 17), (25, 130, 47), (9, 2050, 33)] {
            let (left, weights) = (random(1, rows * depth), random(2, columns * depth));
            let left: Vec<f32> = left.iter().map(|value| 3.0 * value + 1.0).collect();
            let bias = random(3, columns);
            let weight = Matrix { values: &weights, rows: columns, width: depth, stride: depth };
            let found: Vec<Vec<f32>> =
                Isa::all().into_iter().map(|isa| run(isa, &left, weight, &bias)).collect();
            for row in 0..rows {
                for column in 0..columns {
                    let terms = left[row * depth..].iter().zip(&weights[column * depth..][..depth]);
                    let (mut exact, mut bound) = (f64::from(bias[column]), 0.0);
                    for (a, b) in terms {
                        exact += f64::from(*a) * f64::from(*b);
                        // Half a step of either factor.
                        bound += f64::from(a.abs()) * 0.5 / 127.0 + f64::from(b.abs()) * 3.0 / 255.0 + 1e-4;
                    }
                    for found in &found {
                        let error = f64::from(found[row * columns + column]) - exact;
                        assert!(error.abs() <= bound, "{error} {bound}");
                    }
                }
            }
            if let [_, fused @ ..] = &found[..] {
                assert!(fused.windows(2).all(|pair| pair[0] == pair[1]));
            }
        }
    }

    #[test]
    fn rows_of_zeros_stay_zero() {
        for isa in Isa::all() {
            let weight = random(1, 40);
            let weight = Matrix { values: &weight, rows: 4, width: 10, stride: 10 };
            assert_eq!(run(isa, &[0.0; 20], weight, &[0.0; 4]), [0.0; 8]);
        }
    }
}
