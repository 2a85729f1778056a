use crate::Error;
use crate::config::{Activation, Architecture, Config};
use crate::kernels::Kernels;
use crate::load::Weights;
use crate::pack::Pack;
use crate::pooling::Pooling;

/// The weights of a BERT or ALBERT model, as `K` keeps them.
pub(crate) struct Bert<K: Kernels> {
    embeddings: K::Embeddings,
    embedding_norm: K::Norm,
    /// From the width of the embeddings to that of the layers, in ALBERT.
    mapping: Option<K::Linear>,
    layers: Vec<Layer<K>>,
    /// The layers in the order they are run; ALBERT runs the same several times.
    order: Vec<usize>,
    heads: usize,
    activation: Activation,
}

struct Layer<K: Kernels> {
    query: K::Linear,
    /// Keys before values.
    key_value: K::Linear,
    attention_output: K::Linear,
    attention_norm: K::Norm,
    up: K::Linear,
    down: K::Linear,
    output_norm: K::Norm,
}

impl<K: Kernels> Bert<K> {
    /// The embedding of each text of `pack`, (texts, hidden).
    pub(crate) fn forward(&self, kernels: &K, pack: Pack, pooling: Pooling) -> Result<Vec<f32>, Error> {
        let pack = &kernels.prepare(pack)?;
        let x = kernels.embed(&self.embeddings, pack)?;
        let mut x = kernels.norm(x, None, &self.embedding_norm)?;
        if let Some(mapping) = &self.mapping {
            x = kernels.linear(&x, mapping, None)?;
        }
        for (at, layer) in self.order.iter().enumerate() {
            let layer = &self.layers[*layer];
            // What follows the last attention is needed of the pooled token only.
            let first_only = pooling == Pooling::Cls && at + 1 == self.order.len();
            let attended = {
                let keys_values = kernels.linear(&x, &layer.key_value, None)?;
                if first_only {
                    x = kernels.first_tokens(&x, pack)?;
                }
                let queries = kernels.linear(&x, &layer.query, None)?;
                let context = kernels.attention(&queries, &keys_values, pack, self.heads)?;
                kernels.linear(&context, &layer.attention_output, None)?
            };
            x = kernels.norm(attended, Some(&x), &layer.attention_norm)?;
            let down = {
                let up = kernels.linear(&x, &layer.up, Some(self.activation))?;
                kernels.linear(&up, &layer.down, None)?
            };
            x = kernels.norm(down, Some(&x), &layer.output_norm)?;
        }
        kernels.pool(x, pack, pooling)
    }

    /// Reads the tensors that `config` asks for.
    pub(crate) fn load(kernels: &K, config: &Config, weights: &mut Weights) -> Result<Self, Error> {
        let width = config.embedding;
        let mut source = Source { kernels, config, weights };
        let mapping = match config.architecture {
            Architecture::Bert => None,
            Architecture::Albert { .. } => {
                Some(source.linear(&["encoder.embedding_hidden_mapping_in"], width, config.hidden)?)
            }
        };
        let (names, order) = layers(config);
        let layers = names.iter().map(|names| source.layer(names)).collect::<Result<_, _>>()?;
        Ok(Self {
            embeddings: source.embeddings()?,
            embedding_norm: source.norm("embeddings.LayerNorm", width)?,
            mapping,
            layers,
            order,
            heads: config.heads,
            activation: config.activation,
        })
    }
}

/// Where the tensors of a layer are.
struct LayerNames {
    query: String,
    key: String,
    value: String,
    attention_output: String,
    attention_norm: String,
    up: String,
    down: String,
    output_norm: String,
}

/// The layers that have weights, and the order in which they are run.
fn layers(config: &Config) -> (Vec<LayerNames>, Vec<usize>) {
    match config.architecture {
        Architecture::Bert => {
            let names = |layer| {
                let at = |part: &str| format!("encoder.layer.{layer}.{part}");
                LayerNames {
                    query: at("attention.self.query"),
                    key: at("attention.self.key"),
                    value: at("attention.self.value"),
                    attention_output: at("attention.output.dense"),
                    attention_norm: at("attention.output.LayerNorm"),
                    up: at("intermediate.dense"),
                    down: at("output.dense"),
                    output_norm: at("output.LayerNorm"),
                }
            };
            ((0..config.layers).map(names).collect(), (0..config.layers).collect())
        }
        Architecture::Albert { groups, inner } => {
            let names = |layer| {
                let (group, layer) = (layer / inner, layer % inner);
                let at =
                    |part: &str| format!("encoder.albert_layer_groups.{group}.albert_layers.{layer}.{part}");
                LayerNames {
                    query: at("attention.query"),
                    key: at("attention.key"),
                    value: at("attention.value"),
                    attention_output: at("attention.dense"),
                    attention_norm: at("attention.LayerNorm"),
                    up: at("ffn"),
                    down: at("ffn_output"),
                    output_norm: at("full_layer_layer_norm"),
                }
            };
            let group = |layer| layer * groups / config.layers;
            let order = (0..config.layers).flat_map(|layer| group(layer) * inner..(group(layer) + 1) * inner);
            ((0..groups * inner).map(names).collect(), order.collect())
        }
    }
}

/// Tensors on their way to the kernels.
struct Source<'a, K> {
    kernels: &'a K,
    config: &'a Config,
    weights: &'a mut Weights,
}

impl<K: Kernels> Source<'_, K> {
    fn embeddings(&mut self) -> Result<K::Embeddings, Error> {
        let config = self.config;
        let width = config.embedding;
        let mut table =
            |name, rows| self.weights.read(&format!("embeddings.{name}_embeddings.weight"), &[rows, width]);
        let words = table("word", config.vocabulary)?;
        let mut positions = table("position", config.positions)?;
        // A single text is of type 0 throughout.
        let types = table("token_type", config.token_types)?;
        for position in positions.chunks_exact_mut(width) {
            position.iter_mut().zip(&types).for_each(|(position, kind)| *position += kind);
        }
        self.kernels.load_embeddings(words, positions, width)
    }

    fn layer(&mut self, names: &LayerNames) -> Result<Layer<K>, Error> {
        let (hidden, intermediate) = (self.config.hidden, self.config.intermediate);
        Ok(Layer {
            query: self.linear(&[&names.query], hidden, hidden)?,
            key_value: self.linear(&[&names.key, &names.value], hidden, hidden)?,
            attention_output: self.linear(&[&names.attention_output], hidden, hidden)?,
            attention_norm: self.norm(&names.attention_norm, hidden)?,
            up: self.linear(&[&names.up], hidden, intermediate)?,
            down: self.linear(&[&names.down], intermediate, hidden)?,
            output_norm: self.norm(&names.output_norm, hidden)?,
        })
    }

    /// One layer with the outputs of all of `names`, each of which has `outputs`.
    fn linear(&mut self, names: &[&str], inputs: usize, outputs: usize) -> Result<K::Linear, Error> {
        let (mut weight, mut bias) = (Vec::new(), Vec::new());
        for name in names {
            weight.append(&mut self.weights.read(&format!("{name}.weight"), &[outputs, inputs])?);
            bias.append(&mut self.weights.read(&format!("{name}.bias"), &[outputs])?);
        }
        self.kernels.load_linear(weight, bias)
    }

    fn norm(&mut self, name: &str, width: usize) -> Result<K::Norm, Error> {
        let weight = self.weights.read(&format!("{name}.weight"), &[width])?;
        let bias = self.weights.read(&format!("{name}.bias"), &[width])?;
        self.kernels.load_norm(weight, bias, self.config.norm_epsilon)
    }
}

#[cfg(test)]
mod tests;
