use std::ops::RangeInclusive;

use half::f16;
use safetensors::tensor::{Dtype, TensorView};
use safetensors::{SafeTensors, serialize};

use super::HEADS;
use crate::Error;
use crate::Model;
use crate::encoder::Centering;
use crate::heads::{Head, LinearHead, SparseHead};

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
        let (weights, scales, bias, shape) = match model.heads.head(index) {
            Head::Dense(head) => {
                let shape = vec![rows, head.classes()];
                (head.weights, head.scales, head.bias, shape)
            }
            Head::Sparse(head) => {
                let count = vec![head.weights.len()];
                let ends = head.ends.iter().flat_map(|end| end.to_le_bytes()).collect();
                let classes = head.classes.iter().flat_map(|class| class.to_le_bytes()).collect();
                tensors.push((format!("{}.ends", task.name), Dtype::U32, vec![rows], ends));
                tensors.push((format!("{}.classes", task.name), Dtype::U16, count.clone(), classes));
                (head.weights, head.scales, head.bias, count)
            }
        };
        let scales = scales.iter().flat_map(|scale| f16::from_f32(*scale).to_le_bytes()).collect();
        let weights = weights.iter().map(|weight| weight.cast_unsigned()).collect();
        tensors.push((format!("{}.weights", task.name), Dtype::I8, shape, weights));
        tensors.push((format!("{}.scales", task.name), Dtype::F16, vec![rows], scales));
        tensors.push((format!("{}.bias", task.name), Dtype::F32, vec![bias.len()], f32_bytes(&bias)));
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

    pub(super) fn head(&self, task: &str, classes: usize) -> Result<Head, Error> {
        if self.tensors.tensor(&format!("{task}.ends")).is_ok() {
            return self.sparse_head(task, classes).map(Head::Sparse);
        }
        let weights =
            self.bytes(&format!("{task}.weights"), Dtype::I8, &[self.features + self.width, classes])?;
        Ok(Head::Dense(LinearHead {
            weights: weights.iter().map(|weight| weight.cast_signed()).collect(),
            scales: self.scales(task)?,
            bias: self.bias(task, classes)?,
        }))
    }

    fn sparse_head(&self, task: &str, classes: usize) -> Result<SparseHead, Error> {
        let name = format!("{task}.weights");
        let count = self.tensors.tensor(&name).map_or(0, |tensor| tensor.data().len());
        let weights = self.bytes(&name, Dtype::I8, &[count])?;
        let ends = self.bytes(&format!("{task}.ends"), Dtype::U32, &[self.features + self.width])?;
        let classes_of = self.bytes(&format!("{task}.classes"), Dtype::U16, &[count])?;
        let head = SparseHead {
            ends: ends.as_chunks::<4>().0.iter().map(|bytes| u32::from_le_bytes(*bytes)).collect(),
            classes: classes_of.as_chunks::<2>().0.iter().map(|bytes| u16::from_le_bytes(*bytes)).collect(),
            weights: weights.iter().map(|weight| weight.cast_signed()).collect(),
            scales: self.scales(task)?,
            bias: self.bias(task, classes)?,
        };
        match head.problem() {
            Some(problem) => Err(Error::bundle(HEADS, format!("head of `{task}`: expected {problem}"))),
            None => Ok(head),
        }
    }

    fn scales(&self, task: &str) -> Result<Vec<f32>, Error> {
        let name = format!("{task}.scales");
        let scales = self.bytes(&name, Dtype::F16, &[self.features + self.width])?;
        let scales =
            scales.as_chunks::<2>().0.iter().map(|bytes| f16::from_le_bytes(*bytes).to_f32()).collect();
        bounded(&name, scales, 0.0..=LARGEST)
    }

    fn bias(&self, task: &str, classes: usize) -> Result<Vec<f32>, Error> {
        self.floats(&format!("{task}.bias"), classes, -LARGEST..=LARGEST)
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
