//! Text to token ids: the crate `tokenizers`, and a faster way with the same ids for plain BERT tokenizers.

mod characters;
mod vocab_file;
mod wordpiece;

use std::panic::{AssertUnwindSafe, catch_unwind};

use crate::Error;
use crate::files::{ModelFiles, read_optional};
use vocab_file::TokenizerConfig;
use wordpiece::WordPiece;

/// The whole tokenizer in one file.
const TOKENIZER: &str = "tokenizer.json";
/// The largest tokenizer file read, in bytes.
const MAX_TOKENIZER: u64 = 256 << 20;

/// A model's tokenizer.
pub(crate) struct Tokenizer {
    library: tokenizers::Tokenizer,
    fast: Option<Fast>,
    /// Special tokens before a text.
    pub(crate) prefix: Vec<u32>,
    /// Special tokens after a text.
    pub(crate) suffix: Vec<u32>,
    /// The most tokens of one text that the tokenizer's files allow, special tokens included.
    pub(crate) max_length: Option<usize>,
}

/// The faster way, and the added tokens (`[SEP]`) that a text must not hold to take it.
struct Fast {
    wordpiece: WordPiece,
    added: Vec<String>,
}

impl Tokenizer {
    /// Reads `tokenizer.json`, or `vocab.txt` with `tokenizer_config.json`.
    ///
    /// `vocabulary` is the number of word embeddings: every id must be below it.
    pub(crate) fn read(files: &dyn ModelFiles, vocabulary: usize) -> Result<Self, Error> {
        let config = TokenizerConfig::read(files)?;
        let json = match read_optional(files, TOKENIZER, MAX_TOKENIZER)? {
            Some(bytes) => bytes,
            None => vocab_file::tokenizer_json(files, &config)?,
        };
        let mut library = guarded(|| {
            let mut library = tokenizers::Tokenizer::from_bytes(&json)?;
            library.with_truncation(None)?.with_padding(None);
            Ok(library)
        })
        .map_err(unusable)?;
        library.set_encode_special_tokens(false);
        let largest = library.get_vocab(true).into_values().max();
        let largest = largest.ok_or_else(|| Error::model(TOKENIZER, "expected a vocabulary, found none"))?;
        if largest as usize >= vocabulary {
            let problem =
                format!("expected ids below {vocabulary}, `vocab_size` in `config.json`, found {largest}");
            return Err(Error::model(TOKENIZER, problem));
        }
        let (prefix, suffix) = guarded(|| special_tokens(&library)).map_err(unusable)?;
        let fast = Fast::new(&library);
        let max_length = config
            .model_max_length
            .filter(|length| (1.0..=f64::from(u32::MAX)).contains(length))
            .map(|length| length as usize);
        Ok(Self { library, fast, prefix, suffix, max_length })
    }

    /// The most ids of one text without its special tokens, where a text has `max_length` tokens at most.
    pub(crate) fn room(&self, max_length: usize) -> usize {
        max_length.saturating_sub(self.prefix.len() + self.suffix.len())
    }

    /// The ids of `text` without special tokens; where there are more than `most`, some number above `most`.
    pub(crate) fn encode(
        &self,
        text: &str,
        most: usize,
    ) -> Result<Vec<u32>, Box<dyn std::error::Error + Send + Sync>> {
        if let Some(fast) = &self.fast
            && let Some(ids) = fast.encode(text, most)
        {
            return Ok(ids);
        }
        self.encode_with_library(text)
    }

    fn encode_with_library(&self, text: &str) -> Result<Vec<u32>, Box<dyn std::error::Error + Send + Sync>> {
        guarded(|| Ok(self.library.encode_fast(text, false)?.get_ids().to_vec()))
    }
}

impl Fast {
    fn new(library: &tokenizers::Tokenizer) -> Option<Self> {
        let added = library.get_added_tokens_decoder();
        let plain = added
            .values()
            .all(|token| !token.normalized && !token.single_word && !token.lstrip && !token.rstrip);
        if !plain {
            return None;
        }
        let added = added.values().map(|token| token.content.clone()).collect();
        Some(Self { wordpiece: WordPiece::new(library)?, added })
    }

    fn encode(&self, text: &str, most: usize) -> Option<Vec<u32>> {
        if self.added.iter().any(|token| text.contains(token.as_str())) {
            return None;
        }
        let mut ids = Vec::with_capacity(most.min(text.len()).min(1 << 16));
        self.wordpiece.encode(text, most, &mut ids).then_some(ids)
    }
}

/// The special tokens before and after a text.
fn special_tokens(
    library: &tokenizers::Tokenizer,
) -> Result<(Vec<u32>, Vec<u32>), Box<dyn std::error::Error + Send + Sync>> {
    let sample = library.encode_fast("a", true)?;
    let special = |mask: &&u32| **mask != 0;
    let ids = sample.get_ids();
    let mask = sample.get_special_tokens_mask();
    let before = mask.iter().take_while(special).count();
    let after = mask.iter().rev().take_while(special).count();
    if before + after >= ids.len() {
        return Err("the text `a` has no token".into());
    }
    Ok((ids[..before].to_vec(), ids[ids.len() - after..].to_vec()))
}

/// Runs `work` of the library, turning a panic into an error: some malformed files make it panic.
fn guarded<T>(
    work: impl FnOnce() -> Result<T, Box<dyn std::error::Error + Send + Sync>>,
) -> Result<T, Box<dyn std::error::Error + Send + Sync>> {
    match catch_unwind(AssertUnwindSafe(work)) {
        Ok(result) => result,
        Err(_) => Err("the tokenizer library panicked".into()),
    }
}

fn unusable(source: Box<dyn std::error::Error + Send + Sync>) -> Error {
    Error::model_source(
        TOKENIZER,
        "expected a tokenizer that the crate `tokenizers` can read, found one that fails",
        source,
    )
}

#[cfg(test)]
mod tests;
