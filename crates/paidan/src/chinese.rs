//! What things are called on a dispatcher's screen.

use crate::prediction::Prediction;

/// What a task is called in Chinese where it is one of the usual ones, else its own name.
pub fn task_in_chinese(task: &str) -> &str {
    match task {
        "type" => "诉求类型",
        "department" => "承办单位",
        "urgency" => "紧急程度",
        "category" => "事项分类",
        other => other,
    }
}

/// Runners-up that are worth a dispatcher's glance: how many, and how probable at least.
const RUNNERS_UP: usize = 3;
const LEAST: f32 = 0.01;

impl Prediction {
    /// The labels after the first, by their Chinese names where they have one, with their probabilities:
    /// the rest of the short list, or where there is none at most three, none below 0.01.
    pub fn runners_up(&self) -> impl Iterator<Item = (&str, f32)> {
        let (labels, names, most, least) = match &self.candidates {
            Some(candidates) => (candidates, &self.candidate_names, candidates.len(), 0.0),
            None => (&self.top, &self.top_names, RUNNERS_UP, LEAST),
        };
        let named = labels.iter().zip(names).skip(1).take(most);
        named
            .filter(move |((_, probability), _)| *probability >= least)
            .map(|((label, probability), name)| (name.as_deref().unwrap_or(label), *probability))
    }
}
