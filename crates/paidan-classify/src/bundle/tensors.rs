use std::ops::RangeInclusive;

use half::f16;
use safetensors::tensor::{Dtype, TensorView};
use safetensors::{SafeTensors, serialize};

use super::HEADS;
use crate::Error;
use crate::Model;
use crate::encoder::Centering;
use crate::heads::LinearHead;

/// The bytes of `heads.safetensors`.
pub(super) fn write(model: &Model) -> Result<Vec<u8>, Error> {
    let idf = &model.vectorizer.idf;
    let features = idf.len();
    let mut tensors: Vec<(String, Dtype, Vec<usize>, Vec<u8>)> =
        vec![("idf".to_owned(), Dtype::F32, vec![features], f32_bytes(idf))];
    let mut rows = features;
    if let Some(encoder) = &model.encoder {
        let mean = &encoder.centering.mean;
        tensors.push((MEAN.to_owned(), Dtype::F32, vec![mean.len()], f32_bytes(mean)));
        rows += mean.len();
    }
    for (index, task) in model.tasks.iter().enumerate() {
        let head = model.heads.head(index);
        let classes = head.classes();
        let scales = head.scales.iter().flat_map(|scale| f16::from_f32(*scale).to_le_bytes()).collect();
        let weights = head.weights.iter().map(|weight| weight.cast_unsigned()).collect();
        tensors.push((format!("{}.weights", task.name), Dtype::I8, vec![rows, classes], weights));
        tensors.push((format!("{}.scales", task.name), Dtype::F16, vec![rows], scales));
        tensors.push((format!("{}.bias", task.name), Dtype::F32, vec![classes], f32_bytes(&head.bias)));
    }
    let views: Result<Vec<_>, _> = tensors
        .iter()
        .map(|(name, dtype, shape, bytes)| {
            TensorView::new(*dtype, shape.clone(), bytes).map(|view| (name.as_str(), view))
        })
        .collect();
    views.and_then(|views| serialize(views, None)).map_err(|error| Error::bundle(HEADS, error.to_string()))
}

/// The tensors of a bundle, whose shapes are checked on every access.
pub(super) struct Tensors<'b> {
    tensors: SafeTensors<'b>,
    features: usize,
    width: usize,
}

/// What is taken away from embeddings.
const MEAN: &str = "encoder.mean";

impl<'b> Tensors<'b> {
    /// Reads `bytes`; `features` is the size of the vocabulary, `width` that of embeddings, 0 without an encoder.
    pub(super) fn parse(bytes: &'b [u8], features: usize, width: usize) -> Result<Self, Error> {
        let tensors =
            SafeTensors::deserialize(bytes).map_err(|error| Error::bundle(HEADS, error.to_string()))?;
        Ok(Self { tensors, features, width })
    }

    pub(super) fn idf(&self) -> Result<Vec<f32>, Error> {
        self.floats("idf", self.features, 0.0..=LARGEST)
    }

    pub(super) fn centering(&self) -> Result<Centering, Error> {
        Ok(Centering { mean: self.floats(MEAN, self.width, -LARGEST..=LARGEST)? })
    }

    pub(super) fn head(&self, task: &str, classes: usize) -> Result<LinearHead, Error> {
        let weights =
            self.bytes(&format!("{task}.weights"), Dtype::I8, &[self.features + self.width, classes])?;
        let name = format!("{task}.scales");
        let scales = self.bytes(&name, Dtype::F16, &[self.features + self.width])?;
        let scales =
            scales.as_chunks::<2>().0.iter().map(|bytes| f16::from_le_bytes(*bytes).to_f32()).collect();
        Ok(LinearHead {
            weights: weights.iter().map(|weight| weight.cast_signed()).collect(),
            scales: bounded(&name, scales, 0.0..=LARGEST)?,
            bias: self.floats(&format!("{task}.bias"), classes, -LARGEST..=LARGEST)?,
        })
    }

    fn floats(&self, name: &str, len: usize, range: RangeInclusive<f32>) -> Result<Vec<f32>, Error> {
        let bytes = self.bytes(name, Dtype::F32, &[len])?;
        bounded(
            name,
            bytes.as_chunks::<4>().0.iter().map(|bytes| f32::from_le_bytes(*bytes)).collect(),
            range,
        )
    }

    fn bytes(&self, name: &str, dtype: Dtype, shape: &[usize]) -> Result<&'b [u8], Error> {
        let missing = |_| Error::bundle(HEADS, format!("tensor `{name}` is missing"));
        let tensor = self.tensors.tensor(name).map_err(missing)?;
        if tensor.dtype() != dtype || tensor.shape() != shape {
            let problem = format!(
                "tensor `{name}`: expected {dtype:?} {shape:?}, found {:?} {:?}",
                tensor.dtype(),
                tensor.shape()
            );
            return Err(Error::bundle(HEADS, problem));
        }
        Ok(tensor.data())
    }
}

/// Values beyond this are damage: sums of them would leave the range of single precision.
const LARGEST: f32 = 1e6;

fn bounded(name: &str, values: Vec<f32>, range: RangeInclusive<f32>) -> Result<Vec<f32>, Error> {
    if values.iter().all(|value| range.contains(value)) {
        return Ok(values);
    }
    let (least, most) = range.into_inner();
    Err(Error::bundle(
        HEADS,
        format!("tensor `{name}`: expected values from {least} to {most}, found another"),
    ))
}

fn f32_bytes(values: &[f32]) -> Vec<u8> {
    values.iter().flat_map(|value| value.to_le_bytes()).collect()
}
