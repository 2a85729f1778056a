use std::fmt;
use std::ops::Range;
use std::path::Path;

use rayon::ThreadPool;
use rayon::prelude::*;

use crate::Error;
use crate::config::{CONFIG, Config};
use crate::embeddings::Embeddings;
use crate::engine::Engine;
use crate::files::ModelFiles;
use crate::load::Weights;
use crate::options::{EncoderOptions, LongTexts};
use crate::pack::Pack;
use crate::pooling::{Pooling, SentenceSettings};
use crate::tokenizer::Tokenizer;

/// Bytes of text that are tokens at a time.
const WAVE: usize = 4 << 20;

/// A sentence encoder, ready to run.
///
/// It is immutable and can be shared between threads. An embedding is the same to the bit whether its text comes
/// alone or among others, on any number of threads.
///
/// # Memory
/// Beside the weights, each thread on CPU needs 4 bytes × tokens × (4 × hidden size + the larger of intermediate size and
/// 2 × hidden size), for packs of at most 1,024 tokens or one longer text: 17 MB for a hidden size of 512 and an
/// intermediate size of 2,048. It is kept for the next call. Texts are turned into tokens in portions of 4 MB, so that a
/// call of any length needs no more than that and its result.
pub struct Encoder {
    tokenizer: Tokenizer,
    engine: Engine,
    hidden: usize,
    pooling: Pooling,
    normalize: bool,
    max_length: usize,
    long_texts: LongTexts,
    pool: Option<ThreadPool>,
}

/// Consecutive tokens of a text that go through the model at once.
struct Window {
    text: usize,
    tokens: Range<usize>,
}

impl Encoder {
    /// Opens the model in `folder` as its files say, on CPU; [`EncoderOptions`] has more to choose from.
    ///
    /// # Errors
    /// A file is missing, damaged or of a kind that is not supported.
    pub fn open(folder: impl AsRef<Path>) -> Result<Self, Error> {
        EncoderOptions::new().open(folder)
    }

    pub(crate) fn from_files(files: &dyn ModelFiles, options: &EncoderOptions) -> Result<Self, Error> {
        let config = Config::read(files)?;
        let sentence = SentenceSettings::read(files)?;
        let tokenizer = Tokenizer::read(files, config.vocabulary)?;
        let max_length = max_length(options, &config, &sentence, &tokenizer)?;
        let pool = options.threads.map(thread_pool).transpose()?;
        Ok(Self {
            tokenizer,
            engine: Engine::new(options.device, options.precision, &config, &mut Weights::open(files)?)?,
            hidden: config.hidden,
            pooling: options.pooling.or(sentence.pooling).unwrap_or_default(),
            normalize: options.normalize.unwrap_or(sentence.normalize),
            max_length,
            long_texts: options.long_texts,
            pool,
        })
    }

    /// Numbers in an embedding.
    pub fn hidden_size(&self) -> usize {
        self.hidden
    }

    /// The most tokens of one text, special tokens included.
    pub fn max_length(&self) -> usize {
        self.max_length
    }

    /// Tokens of `text`, special tokens included, even where they are more than [`max_length`](Self::max_length).
    ///
    /// # Errors
    /// The tokenizer failed.
    pub fn token_count(&self, text: &str) -> Result<usize, Error> {
        let tokens = self.tokenizer.encode(text, usize::MAX).map_err(|source| Error::tokenize(0, source))?;
        Ok(self.tokenizer.prefix.len() + tokens.len() + self.tokenizer.suffix.len())
    }

    /// How tokens become a sentence.
    pub fn pooling(&self) -> Pooling {
        self.pooling
    }

    /// The embeddings of `texts`, a row each.
    ///
    /// An empty text has an embedding like any other, made of the special tokens.
    ///
    /// # Errors
    /// The tokenizer or the device failed.
    pub fn encode<T: AsRef<str> + Sync>(&self, texts: &[T]) -> Result<Embeddings, Error> {
        match &self.pool {
            Some(pool) => pool.install(|| self.encode_here(texts)),
            None => self.encode_here(texts),
        }
    }

    fn encode_here<T: AsRef<str> + Sync>(&self, texts: &[T]) -> Result<Embeddings, Error> {
        let mut embeddings = Embeddings::zeros(texts.len(), self.hidden);
        let mut first = 0;
        while first < texts.len() {
            let rest = &texts[first..];
            let wave = &rest[..wave(rest.iter().map(|text| text.as_ref().len()))];
            self.encode_wave(wave, first, &mut embeddings)?;
            first += wave.len();
        }
        if self.normalize {
            embeddings.normalize();
        }
        Ok(embeddings)
    }

    /// Encodes `texts`, which begin at row `first` of `embeddings`.
    fn encode_wave<T: AsRef<str> + Sync>(
        &self,
        texts: &[T],
        first: usize,
        embeddings: &mut Embeddings,
    ) -> Result<(), Error> {
        let room = self.tokenizer.room(self.max_length);
        let most = match self.long_texts {
            LongTexts::Truncate => room,
            LongTexts::Windows => usize::MAX,
        };
        let tokens: Vec<_> =
            texts.par_iter().map(|text| self.tokenizer.encode(text.as_ref(), most)).collect();
        let mut ids = Vec::with_capacity(tokens.len());
        for (at, tokens) in tokens.into_iter().enumerate() {
            ids.push(tokens.map_err(|source| Error::tokenize(first + at, source))?);
        }
        let mut windows = Vec::with_capacity(ids.len());
        let special = room < self.max_length;
        // Without special tokens an empty text has no token at all; its embedding stays zero.
        for (text, ids) in ids.iter().enumerate().filter(|(_, ids)| special || !ids.is_empty()) {
            windows.push(Window { text, tokens: 0..ids.len().min(room) });
            match self.long_texts {
                LongTexts::Truncate if ids.len() > room => embeddings.set_truncated(first + text),
                LongTexts::Truncate => {}
                LongTexts::Windows => windows.extend(
                    (room..ids.len())
                        .step_by(room)
                        .map(|start| Window { text, tokens: start..ids.len().min(start + room) }),
                ),
            }
        }
        for (window, row) in windows.iter().zip(self.run(&windows, &ids)?.chunks_exact(self.hidden)) {
            let share = match ids[window.text].len() {
                0 => 1.0,
                _ if self.long_texts == LongTexts::Truncate => 1.0,
                all => window.tokens.len() as f32 / all as f32,
            };
            let to = embeddings.row_mut(first + window.text);
            to.iter_mut().zip(row).for_each(|(to, value)| *to += share * value);
        }
        Ok(())
    }

    /// The embeddings of `windows`, one after the other.
    fn run(&self, windows: &[Window], ids: &[Vec<u32>]) -> Result<Vec<f32>, Error> {
        let (prefix, suffix) = (&self.tokenizer.prefix, &self.tokenizer.suffix);
        let special = prefix.len() + suffix.len();
        let lengths: Vec<usize> = windows.iter().map(|window| window.tokens.len() + special).collect();
        let push = |window: usize, pack: &mut Pack| {
            let window = &windows[window];
            let ids = &ids[window.text][window.tokens.clone()];
            pack.push(prefix.iter().chain(ids).chain(suffix).copied());
        };
        self.engine.run(&lengths, push, self.pooling)
    }
}

/// How many of the texts of these lengths, in bytes, are tokens at a time; one at least.
fn wave(lengths: impl Iterator<Item = usize>) -> usize {
    let mut bytes = 0usize;
    let fit = |length: &usize| {
        bytes = bytes.saturating_add(*length);
        bytes <= WAVE
    };
    lengths.take(WAVE / 1_024).take_while(fit).count().max(1)
}

/// The most tokens of a text, after the options and the files.
fn max_length(
    options: &EncoderOptions,
    config: &Config,
    sentence: &SentenceSettings,
    tokenizer: &Tokenizer,
) -> Result<usize, Error> {
    let least = tokenizer.prefix.len() + tokenizer.suffix.len() + 1;
    let most = config.positions;
    if most < least {
        let problem = format!(
            "`max_position_embeddings`: expected at least {least}, for a token between the special ones, found {most}"
        );
        return Err(Error::model(CONFIG, problem));
    }
    if let Some(asked) = options.max_length
        && !(least..=most).contains(&asked)
    {
        let problem =
            format!("max length: expected {least} to {most} tokens, as the model has it, found {asked}");
        return Err(Error::setting(problem));
    }
    let told = options.max_length.or(sentence.max_length).or(tokenizer.max_length);
    Ok(told.unwrap_or(most).clamp(least, most))
}

fn thread_pool(threads: usize) -> Result<ThreadPool, Error> {
    if !(1..=1_024).contains(&threads) {
        return Err(Error::setting(format!("threads: expected 1 to 1024, found {threads}")));
    }
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build();
    pool.map_err(|error| Error::setting(format!("threads: {threads} could not be started: {error}")))
}

impl fmt::Debug for Encoder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Encoder")
            .field("hidden_size", &self.hidden)
            .field("pooling", &self.pooling)
            .field("normalize", &self.normalize)
            .field("max_length", &self.max_length)
            .finish_non_exhaustive()
    }
}
