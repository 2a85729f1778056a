use std::collections::{BTreeSet, HashMap};

use serde::Deserialize;

use super::shard::Shard;
use crate::Error;
use crate::files::{MAX_JSON, ModelFiles, parse_json, read_required};

/// All weights in one file.
const SINGLE: &str = "model.safetensors";
/// Which file each weight is in.
const INDEX: &str = "model.safetensors.index.json";
/// Weights as a Python pickle.
const PICKLE: &str = "pytorch_model.bin";

/// What the names of a model's tensors may begin with, after the class that was saved.
const PREFIXES: [&str; 3] = ["", "bert.", "albert."];
/// The tensor every model of the family has.
const WORDS: &str = "embeddings.word_embeddings.weight";

/// The tensors of a model, in one or several safetensors files.
pub(crate) struct Weights {
    shards: Vec<Shard>,
    /// The shard of each tensor.
    places: HashMap<String, usize>,
    prefix: &'static str,
}

#[derive(Deserialize)]
struct IndexFile {
    weight_map: HashMap<String, String>,
}

impl Weights {
    /// Opens the files and checks their headers.
    pub(crate) fn open(files: &dyn ModelFiles) -> Result<Self, Error> {
        let (shards, places) = match files.open(SINGLE)? {
            Some(file) => {
                let shard = Shard::open(file)?;
                let places = shard.names().into_iter().map(|name| (name, 0)).collect();
                (vec![shard], places)
            }
            None => open_index(files)?,
        };
        let Some(prefix) =
            PREFIXES.into_iter().find(|prefix| places.contains_key(&format!("{prefix}{WORDS}")))
        else {
            return Err(Error::model(SINGLE, format!("expected a tensor `{WORDS}`, found none")));
        };
        Ok(Self { shards, places, prefix })
    }

    /// The numbers of the tensor `name`, which must have `shape`, in row-major order.
    pub(crate) fn read(&mut self, name: &str, shape: &[usize]) -> Result<Vec<f32>, Error> {
        let mut full = format!("{}{name}", self.prefix);
        if !self.places.contains_key(&full)
            && let Some(old) = name_of_2018(&full)
        {
            full = old;
        }
        let place = self.places.get(&full).copied();
        match place.and_then(|place| self.shards.get_mut(place)) {
            Some(shard) => shard.read(&full, shape),
            None => {
                Err(Error::model(SINGLE, format!("tensor `{full}`: expected shape {shape:?}, found none")))
            }
        }
    }
}

/// The name of a norm's weights in checkpoints converted from TensorFlow.
fn name_of_2018(name: &str) -> Option<String> {
    let (norm, part) = name.rsplit_once('.').filter(|(norm, _)| norm.ends_with("LayerNorm"))?;
    match part {
        "weight" => Some(format!("{norm}.gamma")),
        "bias" => Some(format!("{norm}.beta")),
        _ => None,
    }
}

fn open_index(files: &dyn ModelFiles) -> Result<(Vec<Shard>, HashMap<String, usize>), Error> {
    if files.open(INDEX)?.is_none() {
        let problem = match files.open(PICKLE)? {
            Some(_) => format!(
                "found `{PICKLE}` instead, a Python pickle, which can run code when it is loaded: save the \
                 model as safetensors (`model.save_pretrained(folder, safe_serialization=True)`)"
            ),
            None => format!("expected this file or `{INDEX}` in the model's folder, found none"),
        };
        return Err(Error::model(SINGLE, problem));
    }
    let index: IndexFile = parse_json(INDEX, &read_required(files, INDEX, MAX_JSON)?)?;
    let names: BTreeSet<&str> = index.weight_map.values().map(String::as_str).collect();
    let mut shards = Vec::with_capacity(names.len());
    for name in &names {
        check_plain_name(name)?;
        let file = files.open(name)?.ok_or_else(|| {
            Error::model(*name, format!("`{INDEX}` names this file, found none: copy the folder again"))
        })?;
        shards.push(Shard::open(file)?);
    }
    let order: HashMap<&str, usize> = names.into_iter().enumerate().map(|(at, name)| (name, at)).collect();
    let mut places = HashMap::with_capacity(index.weight_map.len());
    for (tensor, file) in &index.weight_map {
        let place = order.get(file.as_str()).copied().filter(|&place| shards[place].has(tensor));
        let Some(place) = place else {
            let problem = format!("tensor `{tensor}`: `{INDEX}` says it is here, found none");
            return Err(Error::model(file, problem));
        };
        places.insert(tensor.clone(), place);
    }
    Ok((shards, places))
}

/// Refuses the name of a shard that could lie outside the model's folder.
fn check_plain_name(name: &str) -> Result<(), Error> {
    if name.ends_with(".safetensors") && !name.contains(['/', '\\', ':', '\0']) {
        return Ok(());
    }
    let found: String = name.chars().take(60).filter(|c| !c.is_control()).collect();
    let problem = format!("expected names of safetensors files beside it, found `{found}`");
    Err(Error::model(INDEX, problem))
}
