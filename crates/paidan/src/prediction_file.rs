use std::collections::HashMap;
use std::path::Path;

use paidan_data::{RecordReader, Source};
use serde::Deserialize;

use crate::error::{Error, ErrorKind};
use crate::prediction::Prediction;

/// Predictions as `paidan predict` wrote them, by the id of the ticket.
#[derive(Debug, Default)]
pub struct PredictionFile {
    by_id: HashMap<String, Vec<Prediction>>,
}

/// What is needed of one task.
#[derive(Deserialize)]
struct TaskObject {
    label: Option<String>,
    name: Option<String>,
    probability: Option<f32>,
    accepted: Option<bool>,
    #[serde(default)]
    top: Vec<(String, f32)>,
    levels: Option<Vec<(String, f32)>>,
    labels: Option<Vec<(String, f32)>>,
}

impl PredictionFile {
    /// Reads a file of JSON lines; rows with an `error` say nothing.
    ///
    /// # Errors
    ///
    /// The file cannot be read, a line is no prediction, or an id is there twice.
    pub fn read(path: impl AsRef<Path>) -> Result<Self, Error> {
        let problem = |problem: String| Error::new(ErrorKind::Setting { problem });
        let mut by_id = HashMap::new();
        for record in RecordReader::open(&[Source::new(path.as_ref())])? {
            let record = record.map_err(|error| problem(error.to_string()))?;
            let place = record.position().to_string();
            let id = record
                .get("id")
                .ok_or_else(|| problem(format!("{place}: expected the key `id`, found none")))?;
            let mut predictions = Vec::new();
            for column in record.columns().filter(|name| !matches!(*name, "schema" | "id" | "error")) {
                let object = record.get(column).filter(|value| value.starts_with('{'));
                let Some(object) = object else { continue };
                let expected = "an object with `label` and `probability`, or `top`";
                let wrong = || {
                    problem(format!(
                        "{place}: key `{column}`: expected {expected}, as `paidan predict` writes it"
                    ))
                };
                let object: TaskObject = serde_json::from_str(object).map_err(|_| wrong())?;
                predictions.push(object.prediction(column).ok_or_else(wrong)?);
            }
            if by_id.insert(id.to_owned(), predictions).is_some() {
                return Err(problem(format!(
                    "{place}: expected each id once, found one again; remove a line"
                )));
            }
        }
        Ok(Self { by_id })
    }

    /// What was predicted of the ticket; empty where nothing was.
    pub fn of(&self, id: &str) -> &[Prediction] {
        self.by_id.get(id).map_or(&[], Vec::as_slice)
    }
}

impl TaskObject {
    fn prediction(self, task: &str) -> Option<Prediction> {
        let in_range = |probability: &f32| (0.0..=1.0).contains(probability);
        let mut top = self.top;
        if let (Some(label), Some(probability)) = (&self.label, self.probability) {
            top.retain(|(other, _)| other != label);
            top.insert(0, (label.clone(), probability));
        }
        if !top.iter().all(|(_, probability)| in_range(probability)) {
            return None;
        }
        top.sort_by(|(_, a), (_, b)| b.total_cmp(a));
        let (label, probability) = top.first().cloned()?;
        let name_of = |other: &String| self.name.clone().filter(|_| self.label.as_ref() == Some(other));
        Some(Prediction {
            task: task.to_owned(),
            name: name_of(&label),
            top_names: top.iter().map(|(label, _)| name_of(label)).collect(),
            label,
            probability,
            accepted: self.accepted,
            threshold: None,
            top,
            raised_by: None,
            candidates: None,
            candidate_names: Vec::new(),
            levels: self.levels,
            labels: self.labels,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<PredictionFile, Error> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("predictions.jsonl");
        std::fs::write(&path, text).unwrap();
        PredictionFile::read(path)
    }

    #[test]
    fn what_predict_writes_is_read_again() {
        let line = r#"{"schema":1,"id":"T1","department":{"label":"gas","name":"供气","probability":0.9,"accepted":null,"top":[["gas",0.9],["power",0.1]]}}"#;
        let file = read(line).unwrap();
        let prediction = &file.of("T1")[0];
        assert_eq!(
            (prediction.task.as_str(), prediction.shown(), prediction.probability),
            ("department", "供气", 0.9)
        );
        assert_eq!(prediction.top[1], ("power".to_owned(), 0.1));
        assert!(file.of("T2").is_empty());
    }

    #[test]
    fn what_is_none_is_told_with_its_line() {
        for (text, expected) in [
            (r#"{"id":"1","type":{"label":"投诉"}}"#, "predictions.jsonl:1: key `type`: expected"),
            (
                r#"{"id":"1","type":{"label":"投诉","probability":7}}"#,
                "predictions.jsonl:1: key `type`: expected",
            ),
            (r#"{"type":{"label":"投诉","probability":0.7}}"#, "predictions.jsonl:1: expected the key `id`"),
            ("{\"id\":\"1\"}\n{\"id\":\"1\"}", "predictions.jsonl:2: expected each id once"),
        ] {
            let message = read(text).unwrap_err().to_string();
            assert!(message.contains(expected), "{message}");
        }
    }
}
