use std::str::FromStr;

use crate::error::{Error, ErrorKind};

/// Where an encoder runs; everything else runs on the processor.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Device {
    /// The processor.
    #[default]
    Cpu,
    /// The CUDA device of this number, from 0, in a build with the feature `cuda`.
    Cuda(usize),
}

/// What an encoder computes with.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Precision {
    /// Single precision.
    #[default]
    F32,
    /// Half precision, on CUDA.
    F16,
    /// Single precision's range in 16 bits, on CUDA.
    BF16,
    /// 8-bit integers in the linear layers, on the processor: faster, and embeddings differ by some thousandths.
    Int8,
}

/// How an encoder runs. By default on the processor in single precision.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct EncoderSettings {
    /// Where.
    pub device: Device,
    /// With which numbers.
    pub precision: Precision,
}

impl FromStr for Device {
    type Err = Error;

    /// `cpu`, `cuda` or `cuda:N`.
    fn from_str(text: &str) -> Result<Self, Error> {
        let device = match text {
            "cpu" => Some(Self::Cpu),
            "cuda" => Some(Self::Cuda(0)),
            _ => text.strip_prefix("cuda:").and_then(|number| number.parse().ok()).map(Self::Cuda),
        };
        match device {
            Some(Self::Cuda(_)) if !cfg!(feature = "cuda") => {
                Err(setting("this build has no CUDA: use the device `cpu`".to_owned()))
            }
            Some(device) => Ok(device),
            None => {
                Err(setting(format!("expected `cpu` or `cuda[:N]` as device, got `{}`", text.escape_debug())))
            }
        }
    }
}

impl FromStr for Precision {
    type Err = Error;

    /// `f32`, `f16`, `bf16` or `int8`.
    fn from_str(text: &str) -> Result<Self, Error> {
        match text {
            "f32" => Ok(Self::F32),
            "f16" => Ok(Self::F16),
            "bf16" => Ok(Self::BF16),
            "int8" => Ok(Self::Int8),
            _ => Err(setting(format!(
                "expected `f32`, `f16`, `bf16` or `int8` as precision, got `{}`",
                text.escape_debug()
            ))),
        }
    }
}

fn setting(problem: String) -> Error {
    Error::new(ErrorKind::Setting { problem })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn devices_and_precisions_have_names() {
        assert_eq!("cpu".parse::<Device>().unwrap(), Device::Cpu);
        for wrong in ["", "gpu", "cuda:", "cuda:x", "cuda:-1", "CPU"] {
            assert!(wrong.parse::<Device>().unwrap_err().to_string().contains("as device"), "{wrong}");
        }
        if cfg!(feature = "cuda") {
            assert_eq!("cuda:3".parse::<Device>().unwrap(), Device::Cuda(3));
        } else {
            assert!("cuda".parse::<Device>().unwrap_err().to_string().contains("no CUDA"));
        }
        assert_eq!("int8".parse::<Precision>().unwrap(), Precision::Int8);
        assert!("int4".parse::<Precision>().unwrap_err().to_string().contains("`int4`"));
    }
}
