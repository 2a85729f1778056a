use half::slice::HalfFloatSliceExt;
use half::{bf16, f16};
use safetensors::Dtype;
use safetensors::tensor::{Metadata, TensorInfo};

use crate::Error;
use crate::files::{MAX_JSON, ModelFile};

/// Bytes that give the length of the header, little endian.
const LENGTH: u64 = 8;
/// Bytes converted at a time; a multiple of the size of every number format.
const CHUNK: usize = 1 << 16;

/// One safetensors file whose header has been checked; tensors are read when they are asked for.
pub(super) struct Shard {
    file: ModelFile,
    header: Metadata,
    /// Where the tensors begin.
    start: u64,
}

impl Shard {
    /// Reads the header and checks that the file is as long as it says.
    pub(super) fn open(mut file: ModelFile) -> Result<Self, Error> {
        let name = file.name().to_owned();
        let damaged = |problem: String| {
            Error::model(&name, format!("{problem}: the file is damaged, copy or convert it again"))
        };
        let Some(after_length) = file.len().checked_sub(LENGTH) else {
            return Err(damaged(format!("expected at least {LENGTH} bytes, found {}", file.len())));
        };
        let mut length = [0; LENGTH as usize];
        file.read_at(0, &mut length)?;
        let length = u64::from_le_bytes(length);
        let limit = after_length.min(MAX_JSON);
        if length > limit {
            return Err(damaged(format!("expected a header of at most {limit} bytes, found {length}")));
        }
        let mut header = vec![0; length as usize];
        file.read_at(LENGTH, &mut header)?;
        // Deserializing checks that tensors follow each other without gaps and are as large as their shapes.
        let header: Metadata = serde_json::from_slice(&header)
            .map_err(|error| Error::model_source(&name, "expected a valid safetensors header", error))?;
        let (expected, found) = (header.data_len() as u64, after_length - length);
        if expected != found {
            return Err(damaged(format!("expected {expected} bytes of tensors, found {found}")));
        }
        Ok(Self { file, header, start: LENGTH + length })
    }

    pub(super) fn names(&self) -> Vec<String> {
        self.header.offset_keys()
    }

    pub(super) fn has(&self, tensor: &str) -> bool {
        self.header.info(tensor).is_some()
    }

    /// The numbers of a tensor in row-major order.
    pub(super) fn read(&mut self, tensor: &str, shape: &[usize]) -> Result<Vec<f32>, Error> {
        let problem = |problem: String| Error::model(self.file.name(), problem);
        let Some(info) = self.header.info(tensor) else {
            return Err(problem(format!("tensor `{tensor}`: expected it here, found none")));
        };
        if info.shape != shape {
            return Err(problem(format!(
                "tensor `{tensor}`: expected shape {shape:?} after `config.json`, found {:?}",
                info.shape
            )));
        }
        let convert = converter(info).map_err(|found| {
            problem(format!("tensor `{tensor}`: expected F32, F16 or BF16, found {found}"))
        })?;
        let values = self.read_values(info.data_offsets, shape, convert)?;
        if values.iter().all(|value| value.is_finite()) {
            return Ok(values);
        }
        Err(Error::model(
            self.file.name(),
            format!("tensor `{tensor}`: expected finite numbers, found NaN or infinity"),
        ))
    }

    fn read_values(
        &mut self,
        (start, end): (usize, usize),
        shape: &[usize],
        convert: Converter,
    ) -> Result<Vec<f32>, Error> {
        let mut values = Vec::with_capacity(shape.iter().product());
        let mut chunk = vec![0; CHUNK.min(end - start)];
        for offset in (start..end).step_by(CHUNK) {
            let chunk = &mut chunk[..CHUNK.min(end - offset)];
            self.file.read_at(self.start + offset as u64, chunk)?;
            convert(chunk, &mut values);
        }
        Ok(values)
    }
}

/// Appends the numbers of little-endian bytes.
type Converter = fn(&[u8], &mut Vec<f32>);

fn converter(info: &TensorInfo) -> Result<Converter, String> {
    match info.dtype {
        Dtype::F32 => Ok(|bytes, values| {
            values.extend(bytes.as_chunks::<4>().0.iter().map(|bytes| f32::from_le_bytes(*bytes)));
        }),
        Dtype::F16 => Ok(|bytes, values| {
            let halves: Vec<f16> =
                bytes.as_chunks::<2>().0.iter().map(|bytes| f16::from_le_bytes(*bytes)).collect();
            values.extend(halves.to_f32_vec());
        }),
        Dtype::BF16 => Ok(|bytes, values| {
            values.extend(bytes.as_chunks::<2>().0.iter().map(|bytes| bf16::from_le_bytes(*bytes).to_f32()));
        }),
        other => Err(format!("{other:?}")),
    }
}
