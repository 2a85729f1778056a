use serde::Deserialize;

use crate::Error;
use crate::files::{MAX_JSON, ModelFiles, parse_json, read_optional, read_required};

/// The stages of a sentence-transformers model.
const MODULES: &str = "modules.json";
/// How long its texts may be.
const TRANSFORMER: &str = "sentence_bert_config.json";

/// How the vectors of a text's tokens become one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Pooling {
    /// The vector of the first token, `[CLS]`. A quarter faster: the last layer is computed for it alone.
    Cls,
    /// The mean over all tokens, special ones included.
    #[default]
    Mean,
}

/// What the folder itself says about making sentence embeddings.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct SentenceSettings {
    pub(crate) pooling: Option<Pooling>,
    pub(crate) normalize: bool,
    /// Tokens, special ones included.
    pub(crate) max_length: Option<usize>,
}

#[derive(Deserialize)]
struct Module {
    path: String,
    #[serde(rename = "type")]
    kind: String,
}

#[derive(Deserialize)]
struct TransformerFile {
    max_seq_length: Option<usize>,
}

impl SentenceSettings {
    /// Reads `modules.json` and what it names; nothing is set where there is no such file.
    pub(crate) fn read(files: &dyn ModelFiles) -> Result<Self, Error> {
        let Some(bytes) = read_optional(files, MODULES, MAX_JSON)? else { return Ok(Self::default()) };
        let modules: Vec<Module> = parse_json(MODULES, &bytes)?;
        let mut settings = Self::default();
        for module in modules {
            match module.kind.rsplit('.').next() {
                Some("Transformer") if module.path.is_empty() => {}
                Some("Pooling") => settings.pooling = Some(read_pooling(files, &module.path)?),
                Some("Normalize") => settings.normalize = true,
                _ => {
                    let found: String =
                        module.kind.chars().take(80).filter(|found| !found.is_control()).collect();
                    let problem = format!(
                        "expected a Transformer in the folder itself, Pooling and Normalize, found `{found}`, \
                         which is not supported"
                    );
                    return Err(Error::model(MODULES, problem));
                }
            }
        }
        if let Some(bytes) = read_optional(files, TRANSFORMER, MAX_JSON)? {
            settings.max_length = parse_json::<TransformerFile>(TRANSFORMER, &bytes)?.max_seq_length;
        }
        Ok(settings)
    }
}

/// The pooling that `folder` inside the model's folder asks for.
fn read_pooling(files: &dyn ModelFiles, folder: &str) -> Result<Pooling, Error> {
    let plain = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
    if folder.is_empty() || !folder.chars().all(plain) {
        return Err(Error::model(MODULES, "expected the name of a folder for Pooling, found another path"));
    }
    let name = format!("{folder}/config.json");
    let config: serde_json::Map<String, serde_json::Value> =
        parse_json(&name, &read_required(files, &name, MAX_JSON)?)?;
    // Newer files name the mode; older ones have a flag for each.
    let mut modes: Vec<&str> = match config.get("pooling_mode") {
        Some(mode) => mode.as_str().into_iter().collect(),
        None => config
            .iter()
            .filter(|(_, on)| on.as_bool() == Some(true))
            .filter_map(|(key, _)| key.strip_prefix("pooling_mode_"))
            .collect(),
    };
    match (modes.pop(), modes.is_empty()) {
        (Some("cls_token" | "cls"), true) => Ok(Pooling::Cls),
        (Some("mean_tokens" | "mean"), true) => Ok(Pooling::Mean),
        (found, _) => {
            let found = found.unwrap_or("none");
            let problem = format!("pooling: expected one of `cls` and `mean`, found `{found}` or several");
            Err(Error::model(name, problem))
        }
    }
}
