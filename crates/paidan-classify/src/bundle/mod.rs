//! The bundle: a folder that holds a model as data, never code.
//!
//! | file | what |
//! | --- | --- |
//! | `manifest.json` | format version, tasks and labels, features, calibration, thresholds and what they promise, training summary, and the size and SHA-256 of every other file |
//! | `vocabulary.txt` | the n-grams, spelled out |
//! | `dictionary.txt` | words the segmenter is given besides jieba's own |
//! | `heads.safetensors` | `idf` (features), and for each task `weights` (features, classes) as i8, `scales` (features) as f16, `bias` (classes) |

mod files;
mod manifest;
mod read;
mod risk_entry;
mod tensors;
mod write;

#[cfg(test)]
mod tests;

/// The format that this version writes, and the newest that it reads.
pub const FORMAT_VERSION: u32 = 1;

const MANIFEST: &str = "manifest.json";
const VOCABULARY: &str = "vocabulary.txt";
const DICTIONARY: &str = "dictionary.txt";
const HEADS: &str = "heads.safetensors";
