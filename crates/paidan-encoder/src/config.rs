use std::ops::RangeInclusive;

use serde::Deserialize;

use crate::Error;
use crate::files::{MAX_JSON, ModelFiles, parse_json, read_required};

/// The file every Hugging Face model folder has.
pub(crate) const CONFIG: &str = "config.json";

/// The shape of a model, checked.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Config {
    pub(crate) architecture: Architecture,
    /// Rows of the word embeddings.
    pub(crate) vocabulary: usize,
    /// Width of the word embeddings; `hidden` but for ALBERT.
    pub(crate) embedding: usize,
    /// Width of a token's vector, and of the sentence embedding.
    pub(crate) hidden: usize,
    pub(crate) layers: usize,
    /// Attention heads; divide `hidden`.
    pub(crate) heads: usize,
    pub(crate) intermediate: usize,
    /// The most tokens of one text, special tokens included.
    pub(crate) positions: usize,
    pub(crate) token_types: usize,
    pub(crate) norm_epsilon: f32,
    pub(crate) activation: Activation,
}

/// How the tensors of a model are named and shared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Architecture {
    Bert,
    /// Layers share weights: layer `l` of `layers` runs group `l * groups / layers`, `inner` layers each.
    Albert {
        groups: usize,
        inner: usize,
    },
}

/// The function between the two products of a feed-forward block.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Activation {
    /// x Φ(x), with the error function.
    GeluErf,
    /// Its approximation with tanh (Hendrycks and Gimpel 2016).
    GeluTanh,
    Relu,
}

#[derive(Deserialize)]
struct ConfigFile {
    model_type: Option<String>,
    vocab_size: Option<u64>,
    embedding_size: Option<u64>,
    hidden_size: Option<u64>,
    num_hidden_layers: Option<u64>,
    num_attention_heads: Option<u64>,
    intermediate_size: Option<u64>,
    max_position_embeddings: Option<u64>,
    type_vocab_size: Option<u64>,
    layer_norm_eps: Option<f64>,
    hidden_act: Option<String>,
    position_embedding_type: Option<String>,
    num_hidden_groups: Option<u64>,
    inner_group_num: Option<u64>,
    #[serde(default)]
    is_decoder: bool,
}

impl Config {
    pub(crate) fn read(files: &dyn ModelFiles) -> Result<Self, Error> {
        Self::parse(&read_required(files, CONFIG, MAX_JSON)?)
    }

    fn parse(bytes: &[u8]) -> Result<Self, Error> {
        let file: ConfigFile = parse_json(CONFIG, bytes)?;
        // Defaults are those of transformers' BertConfig and AlbertConfig.
        let architecture = match file.model_type.as_deref() {
            Some("bert") => Architecture::Bert,
            Some("albert") => Architecture::Albert {
                groups: size("num_hidden_groups", file.num_hidden_groups.or(Some(1)), 1..=256)?,
                inner: size("inner_group_num", file.inner_group_num.or(Some(1)), 1..=256)?,
            },
            Some(other) => {
                return Err(refused("model_type", "`bert` or `albert`", other));
            }
            None => {
                return Err(Error::model(CONFIG, "`model_type`: expected `bert` or `albert`, found none"));
            }
        };
        if file.is_decoder {
            return Err(Error::model(CONFIG, "`is_decoder`: expected an encoder, found a decoder"));
        }
        if let Some(other) = file.position_embedding_type.filter(|found| found != "absolute") {
            return Err(refused("position_embedding_type", "`absolute`", &other));
        }
        let bert = architecture == Architecture::Bert;
        let hidden = size("hidden_size", file.hidden_size, 1..=65_536)?;
        let embedding = match architecture {
            Architecture::Bert => hidden,
            Architecture::Albert { .. } => size("embedding_size", file.embedding_size, 1..=65_536)?,
        };
        let config = Self {
            architecture,
            vocabulary: size("vocab_size", file.vocab_size, 1..=16_777_216)?,
            embedding,
            hidden,
            layers: size("num_hidden_layers", file.num_hidden_layers, 1..=256)?,
            heads: size("num_attention_heads", file.num_attention_heads, 1..=1_024)?,
            intermediate: size("intermediate_size", file.intermediate_size, 1..=262_144)?,
            positions: size("max_position_embeddings", file.max_position_embeddings, 3..=1_048_576)?,
            token_types: size("type_vocab_size", file.type_vocab_size.or(Some(2)), 1..=65_536)?,
            norm_epsilon: norm_epsilon(file.layer_norm_eps)?,
            activation: activation(file.hidden_act.as_deref().unwrap_or(if bert {
                "gelu"
            } else {
                "gelu_new"
            }))?,
        };
        if !config.hidden.is_multiple_of(config.heads) {
            let problem = format!(
                "`num_attention_heads`: expected a divisor of `hidden_size` {}, found {}",
                config.hidden, config.heads
            );
            return Err(Error::model(CONFIG, problem));
        }
        if let Architecture::Albert { groups, .. } = architecture
            && groups > config.layers
        {
            let problem = format!(
                "`num_hidden_groups`: expected at most `num_hidden_layers` {}, found {groups}",
                config.layers
            );
            return Err(Error::model(CONFIG, problem));
        }
        Ok(config)
    }
}

fn size(name: &str, value: Option<u64>, range: RangeInclusive<u64>) -> Result<usize, Error> {
    match value {
        Some(value) if range.contains(&value) => Ok(value as usize),
        found => {
            let found = found.map_or("none".to_owned(), |found| found.to_string());
            let (least, most) = range.into_inner();
            let problem = format!("`{name}`: expected a number from {least} to {most}, found {found}");
            Err(Error::model(CONFIG, problem))
        }
    }
}

fn norm_epsilon(value: Option<f64>) -> Result<f32, Error> {
    let value = value.unwrap_or(1e-12);
    if value > 0.0 && value <= 1.0 {
        return Ok(value as f32);
    }
    let problem = format!("`layer_norm_eps`: expected a number above 0 and at most 1, found {value}");
    Err(Error::model(CONFIG, problem))
}

fn activation(name: &str) -> Result<Activation, Error> {
    match name {
        "gelu" | "gelu_python" => Ok(Activation::GeluErf),
        "gelu_new" | "gelu_pytorch_tanh" | "gelu_fast" => Ok(Activation::GeluTanh),
        "relu" => Ok(Activation::Relu),
        other => Err(refused("hidden_act", "`gelu`, `gelu_new`, `gelu_pytorch_tanh` or `relu`", other)),
    }
}

fn refused(name: &str, expected: &str, found: &str) -> Error {
    let found: String = found.chars().take(60).filter(|c| !c.is_control()).collect();
    Error::model(CONFIG, format!("`{name}`: expected {expected}, found `{found}`, which is not supported"))
}

#[cfg(test)]
mod tests {
    use super::*;

    const BERT: &str = r#"{"model_type": "bert", "vocab_size": 100, "hidden_size": 64, "num_hidden_layers": 2,
        "num_attention_heads": 4, "intermediate_size": 128, "max_position_embeddings": 512}"#;

    fn problem(json: &str) -> String {
        Config::parse(json.as_bytes()).unwrap_err().to_string()
    }

    #[test]
    fn defaults_are_those_of_transformers() {
        let config = Config::parse(BERT.as_bytes()).unwrap();
        assert_eq!(config.activation, Activation::GeluErf);
        assert_eq!(config.token_types, 2);
        assert_eq!(config.norm_epsilon, 1e-12);
        let albert = BERT.replace(r#""bert""#, r#""albert", "embedding_size": 16"#);
        let config = Config::parse(albert.as_bytes()).unwrap();
        assert_eq!(config.activation, Activation::GeluTanh);
        assert_eq!(config.architecture, Architecture::Albert { groups: 1, inner: 1 });
        assert_eq!(config.embedding, 16);
    }

    #[test]
    fn what_is_not_supported_is_refused_by_name() {
        assert_eq!(
            problem(&BERT.replace(r#""bert""#, r#""distilbert""#)),
            "model file `config.json`: `model_type`: expected `bert` or `albert`, found `distilbert`, \
             which is not supported"
        );
        let silu = BERT.replace('{', r#"{"hidden_act": "silu","#);
        assert!(problem(&silu).contains("found `silu`"));
        let relative = BERT.replace('{', r#"{"position_embedding_type": "relative_key","#);
        assert!(problem(&relative).contains("found `relative_key`"));
        assert!(problem(&BERT.replace('{', r#"{"is_decoder": true,"#)).contains("found a decoder"));
        assert!(problem("{}").contains("`model_type`: expected `bert` or `albert`, found none"));
        assert!(problem("not json").contains("expected valid JSON"));
    }

    #[test]
    fn numbers_out_of_range_are_refused() {
        let zero = BERT.replace(r#""hidden_size": 64"#, r#""hidden_size": 0"#);
        assert!(problem(&zero).contains("`hidden_size`: expected a number from 1 to 65536, found 0"));
        let heads = BERT.replace(r#""num_attention_heads": 4"#, r#""num_attention_heads": 3"#);
        assert!(problem(&heads).contains("expected a divisor of `hidden_size` 64, found 3"));
        let huge = BERT.replace("512}", "9007199254740993}");
        assert!(problem(&huge).contains("`max_position_embeddings`"));
        let missing = BERT.replace(r#""vocab_size": 100,"#, "");
        assert!(problem(&missing).contains("`vocab_size`: expected a number from 1 to 16777216, found none"));
        let eps = BERT.replace('{', r#"{"layer_norm_eps": 0,"#);
        assert!(problem(&eps).contains("`layer_norm_eps`"));
    }
}
