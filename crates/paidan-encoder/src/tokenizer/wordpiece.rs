use std::collections::HashMap;

use tokenizers::models::wordpiece::WordPiece as Library;
use tokenizers::{Model, NormalizerWrapper, PreTokenizerWrapper};

use super::characters::{Characters, Class, Normalization};

/// WordPiece over BERT's normaliser, one table look-up a character: the ids of the crate `tokenizers`, much faster.
///
/// Texts with a character whose form depends on its neighbours are left to the crate.
pub(super) struct WordPiece {
    characters: Characters,
    pieces: Pieces,
}

/// The vocabulary and the greedy match over it.
struct Pieces {
    first: HashMap<Box<str>, u32>,
    /// Pieces that continue a word, without their prefix.
    next: HashMap<Box<str>, u32>,
    /// Bytes of the longest piece.
    longest: usize,
    unknown: u32,
    /// Characters of the longest word that is not `unknown`.
    longest_word: usize,
}

impl WordPiece {
    /// `None` where the tokenizer is not the plain one of BERT.
    pub(super) fn new(tokenizer: &tokenizers::Tokenizer) -> Option<Self> {
        let Some(NormalizerWrapper::BertNormalizer(normalizer)) = tokenizer.get_normalizer() else {
            return None;
        };
        let Some(PreTokenizerWrapper::BertPreTokenizer(_)) = tokenizer.get_pre_tokenizer() else {
            return None;
        };
        let tokenizers::ModelWrapper::WordPiece(model) = tokenizer.get_model() else { return None };
        if !normalizer.handle_chinese_chars {
            return None;
        }
        let normalization = Normalization {
            clean_text: normalizer.clean_text,
            strip_accents: normalizer.strip_accents.unwrap_or(normalizer.lowercase),
            lowercase: normalizer.lowercase,
        };
        Some(Self { characters: Characters::new(normalization), pieces: Pieces::new(model)? })
    }

    /// Appends the ids of `text` to `ids`, and stops early where there are more than `most`.
    ///
    /// False, with `ids` in no particular state, where the text is one for the crate.
    pub(super) fn encode(&self, text: &str, most: usize, ids: &mut Vec<u32>) -> bool {
        let most = ids.len().saturating_add(most);
        let mut word = String::new();
        for c in text.chars() {
            match self.characters.class(c, |word| self.pieces.id_of_char(word)) {
                Class::Dropped => {}
                Class::Space => self.pieces.take(&mut word, ids),
                Class::Alone(id) => {
                    self.pieces.take(&mut word, ids);
                    ids.push(id);
                }
                Class::Letter(c) => {
                    word.push(c);
                    continue;
                }
                Class::Rare => return false,
            }
            if ids.len() > most {
                return true;
            }
        }
        self.pieces.take(&mut word, ids);
        true
    }
}

impl Pieces {
    fn new(model: &Library) -> Option<Self> {
        let vocabulary = model.get_vocab();
        let unknown = vocabulary.get(&model.unk_token).copied()?;
        let prefix = model.continuing_subword_prefix.as_str();
        let longest = vocabulary.keys().map(String::len).max()?;
        let next = vocabulary
            .iter()
            .filter_map(|(piece, id)| Some((piece.strip_prefix(prefix)?.into(), *id)))
            .collect();
        let first = vocabulary.into_iter().map(|(piece, id)| (piece.into_boxed_str(), id)).collect();
        Some(Self { first, next, longest, unknown, longest_word: model.max_input_chars_per_word })
    }

    /// The id of a word of one character.
    fn id_of_char(&self, word: &str) -> u32 {
        if self.longest_word < 1 {
            return self.unknown;
        }
        self.first.get(word).copied().unwrap_or(self.unknown)
    }

    /// Appends the pieces of `word`, longest match first, and empties it.
    fn take(&self, word: &mut String, ids: &mut Vec<u32>) {
        if word.is_empty() {
            return;
        }
        let start = ids.len();
        let mut rest = word.as_str();
        if rest.chars().nth(self.longest_word).is_some() {
            rest = "";
            ids.push(self.unknown);
        }
        while !rest.is_empty() {
            let pieces = if ids.len() == start { &self.first } else { &self.next };
            let found = (1..=rest.len().min(self.longest))
                .rev()
                .find_map(|end| Some((end, *pieces.get(rest.get(..end)?)?)));
            match found {
                Some((end, id)) => {
                    ids.push(id);
                    rest = rest.get(end..).unwrap_or_default();
                }
                None => {
                    ids.truncate(start);
                    ids.push(self.unknown);
                    break;
                }
            }
        }
        word.clear();
    }
}
