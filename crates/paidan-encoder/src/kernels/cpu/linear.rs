use super::arithmetic::Singles;
use super::lanes::Isa;
use super::matrix::Matrix;
use super::panels::Panels;
use super::product::{Activated, Product};
use super::quantized::QuantizedLinear;
use crate::config::Activation;

/// A linear layer, laid out for [`Product`].
#[derive(Debug)]
pub(crate) struct Linear {
    weight: Weight,
    bias: Vec<f32>,
}

#[derive(Debug)]
enum Weight {
    Single(Panels),
    Quantized(QuantizedLinear),
}

impl Linear {
    /// In single precision, or in 8-bit integers if `quantized`; `weight` is (outputs, inputs).
    pub(super) fn new(isa: Isa, quantized: bool, weight: &[f32], bias: Vec<f32>) -> Self {
        let (rows, width) = (bias.len(), weight.len() / bias.len().max(1));
        let weight = Matrix { values: weight, rows, width, stride: width };
        let weight = if quantized && width <= QuantizedLinear::MOST_INPUTS {
            Weight::Quantized(QuantizedLinear::new(isa, weight))
        } else {
            Weight::Single(Panels::transposed(weight))
        };
        Self { weight, bias }
    }

    pub(super) fn inputs(&self) -> usize {
        match &self.weight {
            Weight::Single(panels) => panels.depth(),
            Weight::Quantized(weight) => weight.inputs(),
        }
    }

    pub(super) fn outputs(&self) -> usize {
        self.bias.len()
    }

    /// `out = activation(x · weightᵀ + bias)`, with as many rows as `x`.
    pub(super) fn run(&self, isa: Isa, x: &[f32], activation: Option<Activation>, out: &mut [f32]) {
        let finish = Activated { bias: &self.bias, activation };
        match &self.weight {
            Weight::Single(right) => {
                let width = right.depth();
                let left = Matrix { values: x, rows: x.len() / width.max(1), width, stride: width };
                isa.run(Product::<Singles, _> { left, right, finish, out, stride: right.columns() });
            }
            Weight::Quantized(weight) => weight.run(isa, x, finish, out),
        }
    }
}
