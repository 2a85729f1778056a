use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::MAX_TOKENIZER;
use crate::Error;
use crate::files::{MAX_JSON, ModelFiles, parse_json, read_optional, read_required};

/// A token a line.
const VOCAB: &str = "vocab.txt";
/// How the text was prepared when the model was trained.
pub(super) const TOKENIZER_CONFIG: &str = "tokenizer_config.json";

/// What `tokenizer_config.json` says, with the defaults of transformers' `BertTokenizer`.
#[derive(Deserialize)]
#[serde(default)]
pub(super) struct TokenizerConfig {
    tokenizer_class: Option<String>,
    do_basic_tokenize: bool,
    do_lower_case: bool,
    strip_accents: Option<bool>,
    tokenize_chinese_chars: bool,
    unk_token: SpecialToken,
    cls_token: SpecialToken,
    sep_token: SpecialToken,
    pad_token: SpecialToken,
    mask_token: SpecialToken,
    /// Tokens, special ones included; a number beyond all bounds stands for none.
    pub(super) model_max_length: Option<f64>,
}

/// A special token is written as its text or as an object that holds it.
#[derive(Deserialize)]
#[serde(untagged)]
enum SpecialToken {
    Text(String),
    Object { content: String },
    None(()),
}

impl SpecialToken {
    fn or(&self, default: &str) -> String {
        match self {
            Self::Text(text) | Self::Object { content: text } => text.clone(),
            Self::None(()) => default.to_owned(),
        }
    }
}

impl Default for SpecialToken {
    fn default() -> Self {
        Self::None(())
    }
}

impl Default for TokenizerConfig {
    fn default() -> Self {
        Self {
            tokenizer_class: None,
            do_basic_tokenize: true,
            do_lower_case: true,
            strip_accents: None,
            tokenize_chinese_chars: true,
            unk_token: SpecialToken::default(),
            cls_token: SpecialToken::default(),
            sep_token: SpecialToken::default(),
            pad_token: SpecialToken::default(),
            mask_token: SpecialToken::default(),
            model_max_length: None,
        }
    }
}

impl TokenizerConfig {
    pub(super) fn read(files: &dyn ModelFiles) -> Result<Self, Error> {
        match read_optional(files, TOKENIZER_CONFIG, MAX_JSON)? {
            Some(bytes) => parse_json(TOKENIZER_CONFIG, &bytes),
            None => Ok(Self::default()),
        }
    }
}

/// The `tokenizer.json` that transformers would write for the model's `vocab.txt`.
pub(super) fn tokenizer_json(files: &dyn ModelFiles, config: &TokenizerConfig) -> Result<Vec<u8>, Error> {
    if let Some(class) = &config.tokenizer_class
        && !matches!(class.as_str(), "BertTokenizer" | "BertTokenizerFast")
    {
        let found: String = class.chars().take(60).filter(|c| !c.is_control()).collect();
        let problem = format!(
            "`tokenizer_class`: expected `BertTokenizer` where there is no `tokenizer.json`, found `{found}`: \
             save the tokenizer as `tokenizer.json` (`AutoTokenizer.from_pretrained(folder).save_pretrained(folder)`)"
        );
        return Err(Error::model(TOKENIZER_CONFIG, problem));
    }
    if !config.do_basic_tokenize {
        let problem = "`do_basic_tokenize`: expected true, found false, which is not supported";
        return Err(Error::model(TOKENIZER_CONFIG, problem));
    }
    let bytes = read_required(files, VOCAB, MAX_TOKENIZER)?;
    let text = String::from_utf8(bytes)
        .map_err(|error| Error::model_source(VOCAB, "expected UTF-8 text, one token a line", error))?;
    // Of a token that stands twice the later line counts, as in transformers.
    let vocabulary: Map<String, Value> =
        text.lines().enumerate().map(|(id, token)| (token.to_owned(), Value::from(id))).collect();
    let special = |token: String| match vocabulary.get(&token) {
        Some(id) => Ok((token, id.clone())),
        None => {
            let found: String = token.chars().take(60).filter(|c| !c.is_control()).collect();
            Err(Error::model(VOCAB, format!("expected the special token `{found}`, found none")))
        }
    };
    let unknown = special(config.unk_token.or("[UNK]"))?;
    let (cls, sep) = (special(config.cls_token.or("[CLS]"))?, special(config.sep_token.or("[SEP]"))?);
    let mut added = vec![unknown.clone(), cls.clone(), sep.clone()];
    added.extend(
        [config.pad_token.or("[PAD]"), config.mask_token.or("[MASK]")]
            .into_iter()
            .filter_map(|token| special(token).ok()),
    );
    added.sort_by_key(|(_, id)| id.as_u64());
    let added: Vec<Value> = added
        .into_iter()
        .map(|(content, id)| {
            json!({"id": id, "content": content, "single_word": false, "lstrip": false, "rstrip": false,
                "normalized": false, "special": true})
        })
        .collect();
    let tokenizer = json!({
        "version": "1.0",
        "truncation": null,
        "padding": null,
        "added_tokens": added,
        "normalizer": {"type": "BertNormalizer", "clean_text": true,
            "handle_chinese_chars": config.tokenize_chinese_chars, "strip_accents": config.strip_accents,
            "lowercase": config.do_lower_case},
        "pre_tokenizer": {"type": "BertPreTokenizer"},
        "post_processor": {"type": "BertProcessing", "sep": sep, "cls": cls},
        "decoder": null,
        "model": {"type": "WordPiece", "unk_token": unknown.0, "continuing_subword_prefix": "##",
            "max_input_chars_per_word": 100, "vocab": vocabulary},
    });
    serde_json::to_vec(&tokenizer).map_err(|error| Error::model_source(VOCAB, "cannot be used", error))
}
