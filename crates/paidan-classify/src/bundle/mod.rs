//! The bundle: a folder that holds a model as data, never code.
//!
//! | file | what |
//! | --- | --- |
//! | `manifest.json` | format version, tasks and labels, features, calibration, thresholds and what they promise, training summary, and the size and SHA-256 of every other file |
//! | `vocabulary.txt` | the n-grams, spelled out |
//! | `dictionary.txt` | words the segmenter is given besides jieba's own |
//! | `heads.safetensors` | `idf` (features), and for each task `weights` (features, classes) as i8, `scales` (features) as f16, `bias` (classes); a sparse head has `ends` (features) as u32 and `classes` (weights) as u16 besides, and `weights` (weights) |
//! | `encoder/` | from format 2 on, where there is one: the files of the encoder as they came. Then `heads.safetensors` has `encoder.mean` (width), and each head `width` more rows, after those of the features |

mod files;
mod manifest;
mod read;
mod risk_entry;
mod tensors;
mod write;

#[cfg(test)]
mod tests;

pub(crate) use manifest::FileEntry;
pub(crate) use read::encoder_of;

/// The newest format that this version reads. A bundle is written in the oldest that can hold it: 1, or 2 where it
/// has an encoder, a task of paths or sets, or a sparse head.
pub const FORMAT_VERSION: u32 = 2;

const MANIFEST: &str = "manifest.json";
const VOCABULARY: &str = "vocabulary.txt";
const DICTIONARY: &str = "dictionary.txt";
const HEADS: &str = "heads.safetensors";
/// The folder of the encoder.
pub(crate) const ENCODER: &str = "encoder";
