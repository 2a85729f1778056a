use std::sync::OnceLock;

use unicode_categories::UnicodeCategories;
use unicode_normalization_alignments::UnicodeNormalization;
use unicode_normalization_alignments::char::canonical_combining_class;

/// The settings of BERT's normaliser that the table depends on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Normalization {
    pub(super) clean_text: bool,
    pub(super) strip_accents: bool,
    pub(super) lowercase: bool,
}

/// What the normaliser and the pre-tokenizer make of a character, whatever its neighbours are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Class {
    /// Vanishes; what is left and right of it comes together.
    Dropped,
    /// Ends a word.
    Space,
    /// A word of its own: an ideograph or a punctuation mark. The token's id.
    Alone(u32),
    /// Part of a word, in this form.
    Letter(char),
    /// Depends on its neighbours or becomes several characters.
    Rare,
}

/// Characters a page.
const PAGE: usize = 256;

/// The class of every character, worked out page by page when first asked for.
pub(super) struct Characters {
    normalization: Normalization,
    pages: Box<[OnceLock<Box<[Class; PAGE]>>]>,
}

impl Characters {
    pub(super) fn new(normalization: Normalization) -> Self {
        let pages = (0..=char::MAX as usize / PAGE).map(|_| OnceLock::new()).collect();
        Self { normalization, pages }
    }

    /// The class of `c`; `id_of_word` gives the id of a word that is one token.
    pub(super) fn class(&self, c: char, id_of_word: impl Fn(&str) -> u32) -> Class {
        let code = c as usize;
        let Some(page) = self.pages.get(code / PAGE) else { return Class::Rare };
        let page = page.get_or_init(|| {
            let first = code - code % PAGE;
            let class = |at| match char::from_u32((first + at) as u32) {
                Some(c) => self.normalization.class(c, &id_of_word),
                None => Class::Rare,
            };
            Box::new(std::array::from_fn(class))
        });
        page[code % PAGE]
    }
}

impl Normalization {
    /// The steps of `BertNormalizer` and `BertPreTokenizer` of the crate `tokenizers`, for one character.
    fn class(self, c: char, id_of_word: impl Fn(&str) -> u32) -> Class {
        let white = matches!(c, '\t' | '\n' | '\r') || c.is_whitespace();
        let control = !matches!(c, '\t' | '\n' | '\r') && c.is_other();
        if self.clean_text && (c == '\0' || c == char::REPLACEMENT_CHARACTER || control) {
            return Class::Dropped;
        }
        let c = if self.clean_text && white { ' ' } else { c };
        let ideograph = is_ideograph(c);
        let mut form: Vec<char> = if self.strip_accents {
            let parts: Vec<char> = std::iter::once(c).nfd().map(|(part, _)| part).collect();
            parts.into_iter().filter(|part| !part.is_mark_nonspacing()).collect()
        } else {
            vec![c]
        };
        if self.strip_accents && form.iter().any(|part| canonical_combining_class(*part) != 0) {
            return Class::Rare;
        }
        if self.lowercase {
            form = form.into_iter().flat_map(char::to_lowercase).collect();
        }
        match form[..] {
            [] if !ideograph => Class::Dropped,
            [c] if c.is_whitespace() => Class::Space,
            [c] if ideograph || c.is_ascii_punctuation() || c.is_punctuation() => {
                Class::Alone(id_of_word(c.encode_utf8(&mut [0; 4])))
            }
            [c] => Class::Letter(c),
            _ => Class::Rare,
        }
    }
}

/// The blocks that BERT takes for Chinese.
fn is_ideograph(c: char) -> bool {
    matches!(
        u32::from(c),
        0x4E00..=0x9FFF
            | 0x3400..=0x4DBF
            | 0x20000..=0x2A6DF
            | 0x2A700..=0x2B73F
            | 0x2B740..=0x2B81F
            | 0x2B920..=0x2CEAF
            | 0xF900..=0xFAFF
            | 0x2F800..=0x2FA1F
    )
}
