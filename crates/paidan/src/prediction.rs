use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};

use paidan_catalogue::{LabelPrediction, Predictions, TaskPrediction};
use paidan_classify::{Task, TaskKind};

/// Version of all JSON objects written.
pub const SCHEMA: u32 = 1;

/// The most labels shown besides each other.
const TOP: usize = 5;

/// What the model says of a ticket for one task.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Prediction {
    /// The task, for instance `department`.
    #[serde(skip)]
    pub task: String,
    /// The most probable label, as trained. Of a path task the whole path, `a > b > c`; of a set task all
    /// labels that the ticket gets, `a;b`, empty where it gets none.
    pub label: String,
    /// Its Chinese name, where the label is a code that has one; of a set the names of all, `甲;乙`.
    pub name: Option<String>,
    /// Calibrated probability of the label, 0 to 1; of a set that of exactly these labels, were they
    /// independent.
    pub probability: f32,
    /// Whether the probability reaches the bundle's threshold; `None` where it has none, and for sets, whose
    /// threshold says which labels a ticket gets.
    pub accepted: Option<bool>,
    /// The least probability at which an answer of this label is accepted; `None` where a person decides.
    #[serde(skip)]
    pub threshold: Option<f32>,
    /// Up to five labels with their probabilities, the most probable first.
    pub top: Vec<(String, f32)>,
    /// Chinese names of the labels in `top`, in the same order.
    #[serde(skip)]
    pub top_names: Vec<Option<String>>,
    /// Of an urgency above the ordinary, who says so: `model`, `words` or both; `None` for all else.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub raised_by: Option<Vec<&'static str>>,
    /// The short list for a person, which holds the true label as often as the bundle states, at most ten
    /// labels; the most probable first. `None` where the bundle states nothing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub candidates: Option<Vec<(String, f32)>>,
    /// Chinese names of the labels in `candidates`, in the same order.
    #[serde(skip)]
    pub candidate_names: Vec<Option<String>>,
    /// The levels of a path, the broadest first, each with the probability that the ticket belongs there. `None`
    /// for other tasks.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub levels: Option<Vec<(String, f32)>>,
    /// The labels of a set with the probability of each by itself, the most probable first. `None` for other
    /// tasks.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub labels: Option<Vec<(String, f32)>>,
}

impl Prediction {
    /// Ranks `probabilities` of the labels of `task`; of equal ones the earlier label comes first.
    pub(crate) fn new(task: &Task, probabilities: &[f32]) -> Self {
        let mut ranked: Vec<usize> = (0..probabilities.len()).collect();
        let key = |class: &usize| probabilities.get(*class).copied().unwrap_or_default();
        ranked.sort_by(|a, b| key(b).total_cmp(&key(a)).then(a.cmp(b)));
        let name = |class: &usize| task.label_name(*class).map(str::to_owned);
        let entry = |class: &usize| (task.labels().get(*class).unwrap_or_default().to_owned(), key(class));
        let best = ranked.first().copied().unwrap_or_default();
        let (label, probability) = entry(&best);
        let risk = task.risk();
        let listed = risk.candidates.map(|rule| rule.count(ranked.iter().map(key)));
        let top = ranked.iter().take(TOP);
        let candidates = ranked.iter().take(listed.unwrap_or_default());
        let levels = task.levels(best, probabilities).into_iter();
        let levels: Vec<_> = levels.map(|(level, probability)| (level.to_owned(), probability)).collect();
        let mut prediction = Self {
            task: task.name().to_owned(),
            label,
            name: name(&best),
            probability,
            accepted: risk.thresholds.accepts(best as u32, probability),
            threshold: risk.thresholds.of(best as u32),
            top: top.clone().map(entry).collect(),
            top_names: top.map(name).collect(),
            raised_by: None,
            candidates: listed.map(|_| candidates.clone().map(entry).collect()),
            candidate_names: candidates.map(name).collect(),
            levels: (task.kind() == TaskKind::Path).then_some(levels),
            labels: None,
        };
        if task.kind() == TaskKind::Set {
            let members = task.members(probabilities);
            let labels: Vec<_> = members.iter().map(entry).collect();
            let names: Vec<Option<String>> = members.iter().map(name).collect();
            let own: Vec<&str> = labels.iter().map(|(label, _)| label.as_str()).collect();
            let shown = own.iter().zip(&names).map(|(own, name)| name.as_deref().unwrap_or(own));
            prediction.name = names.iter().any(Option::is_some).then(|| shown.collect::<Vec<_>>().join(";"));
            prediction.label = own.join(";");
            let as_given = |(class, p): (usize, &f32)| if members.contains(&class) { *p } else { 1.0 - p };
            prediction.probability = probabilities.iter().enumerate().map(as_given).product();
            (prediction.accepted, prediction.threshold) = (None, None);
            prediction.labels = Some(labels);
        }
        prediction
    }

    /// The Chinese name where there is one, else the label.
    pub fn shown(&self) -> &str {
        self.name.as_deref().unwrap_or(&self.label)
    }
}

/// What the catalogue is told of predictions.
pub(crate) fn for_catalogue(predictions: &[Prediction]) -> Predictions {
    let task = |prediction: &Prediction| {
        let named = prediction.top.iter().zip(prediction.top_names.iter().chain(std::iter::repeat(&None)));
        let label = |((label, probability), name): (&(String, f32), &Option<String>)| LabelPrediction {
            label: label.clone(),
            name: name.clone(),
            probability: *probability,
        };
        let mut labels: Vec<LabelPrediction> = named.map(label).collect();
        // The broader levels of a path are more probable than the whole of it.
        for (level, probability) in prediction.levels.iter().flatten() {
            if !labels.iter().any(|label| label.label == *level) {
                labels.push(LabelPrediction { label: level.clone(), name: None, probability: *probability });
            }
        }
        TaskPrediction { task: prediction.task.clone(), labels }
    };
    Predictions { tasks: predictions.iter().map(task).collect() }
}

/// Predictions of all tasks as the object that `paidan predict` writes.
#[derive(Clone, Copy, Debug)]
pub struct PredictionLine<'a> {
    /// The ticket's id.
    pub id: &'a str,
    /// One prediction a task.
    pub predictions: &'a [Prediction],
}

impl Serialize for PredictionLine<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(2 + self.predictions.len()))?;
        map.serialize_entry("schema", &SCHEMA)?;
        map.serialize_entry("id", self.id)?;
        for prediction in self.predictions {
            map.serialize_entry(&prediction.task, prediction)?;
        }
        map.end()
    }
}
