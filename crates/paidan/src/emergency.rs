//! Words and model together: emergencies that words speak of raise the urgency that the model gives.

use std::ops::Range;

use paidan_classify::Model;
use paidan_text::{CharOffsets, EmergencyCue, EmergencyFinder, EmergencyLevel, PreparedTicket, Ticket};
use serde::Serialize;

use crate::error::{Error, ErrorKind};
use crate::prediction::Prediction;

/// Words of a ticket that speak of an emergency.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Alarm {
    /// Stable code of the kind, for instance `gas_leak`.
    pub kind: String,
    /// The same in Chinese.
    pub name: String,
    /// How soon somebody must act.
    pub level: EmergencyLevel,
    /// Numbers to call, the first first.
    pub call: Vec<String>,
    /// The words as they stand in the masked text.
    pub words: String,
    /// `title` or `text`.
    pub field: &'static str,
    /// First code point in the original field.
    pub start: usize,
    /// Code point after the last in the original field.
    pub end: usize,
    /// What takes the words back; `None` where nothing does, and the alarm stands.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub suppressed: Option<Suppression>,
}

/// What takes an alarm back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Suppression {
    /// Stable code, for instance `negated`.
    pub code: String,
    /// The same in Chinese.
    pub name: String,
    /// The words that do it, as they stand in the masked text.
    pub words: String,
}

/// The task whose label says how urgent a ticket is.
const URGENCY: &str = "urgency";
/// What the labels of the two higher levels are called, or what names them in Chinese.
const URGENT: [&str; 3] = ["1", "紧急", "urgent"];
const EMERGENCY: [&str; 4] = ["2", "特急", "emergency", "紧急情况"];

/// How probable words alone make their level: more than all others together, so that words raise the answer.
///
/// Whether the ticket is an emergency is then 1 − (1 − p)(1 − this), as if words and model were two witnesses
/// who err independently (noisy or; Pearl, "Probabilistic Reasoning in Intelligent Systems", 1988). It is a
/// decision rather than a measurement: an emergency missed costs more than a call-back.
const WORDS: f32 = 0.51;

/// Finds alarms, and raises the urgency of a model's predictions.
#[derive(Debug)]
pub(crate) struct Emergencies {
    finder: EmergencyFinder,
    urgency: Option<UrgencyLabels>,
}

/// Where the model says how urgent a ticket is.
#[derive(Clone, Copy, Debug)]
struct UrgencyLabels {
    task: usize,
    urgent: Option<usize>,
    emergency: usize,
}

/// How urgent a ticket is, and who says so.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Raised {
    model: Option<EmergencyLevel>,
    words: Option<EmergencyLevel>,
}

impl Raised {
    /// The higher of what model and words say.
    pub(crate) fn level(self) -> Option<EmergencyLevel> {
        self.model.max(self.words)
    }

    /// Who says so much: `model`, `words` or both; `None` for an ordinary ticket.
    fn by(self) -> Option<Vec<&'static str>> {
        let level = self.level()?;
        let voices = [("model", self.model), ("words", self.words)];
        Some(voices.into_iter().filter(|(_, says)| *says == Some(level)).map(|(voice, _)| voice).collect())
    }
}

impl Emergencies {
    /// For the labels of `model`; where it has no task `urgency`, words alone speak.
    pub(crate) fn new(model: &Model) -> Result<Self, Error> {
        let finder = EmergencyFinder::standard()
            .map_err(|error| Error::new(ErrorKind::Setting { problem: error.to_string() }))?;
        let urgency = model.tasks().iter().enumerate().find(|(_, task)| task.name() == URGENCY);
        let urgency = urgency.and_then(|(index, task)| {
            let find = |names: &[&str]| {
                task.labels().iter().enumerate().position(|(label, own)| {
                    names.contains(&own) || task.label_name(label).is_some_and(|name| names.contains(&name))
                })
            };
            Some(UrgencyLabels { task: index, urgent: find(&URGENT), emergency: find(&EMERGENCY)? })
        });
        Ok(Self { finder, urgency })
    }

    /// Raises the probabilities of the urgency task, one list of them a task, to what the words of `ticket` say.
    pub(crate) fn raise(&self, ticket: &PreparedTicket, probabilities: &mut [Vec<f32>]) -> Raised {
        let fields = [&ticket.title, &ticket.text];
        let cues = fields.into_iter().flat_map(|text| self.finder.find(text.masked()));
        let words = cues.filter(EmergencyCue::is_live).map(|cue| cue.kind.level).max();
        let Some(labels) = self.urgency else { return Raised { model: None, words } };
        let Some(of_task) = probabilities.get_mut(labels.task) else { return Raised { model: None, words } };
        let model = labels.level(of_task);
        match words {
            Some(EmergencyLevel::Emergency) => raise_to(of_task, labels.emergency),
            // What is an emergency to the model stays one.
            Some(EmergencyLevel::Urgent) if model.is_none() => {
                labels.urgent.into_iter().for_each(|label| raise_to(of_task, label));
            }
            _ => {}
        }
        Raised { model, words }
    }

    /// Says in the urgency among `predictions` who raised it.
    pub(crate) fn sign(&self, raised: Raised, predictions: &mut [Prediction]) {
        if let Some(prediction) = self.urgency.and_then(|labels| predictions.get_mut(labels.task)) {
            prediction.raised_by = raised.by();
        }
    }

    /// All alarms of a ticket, those that are taken back too, title before text.
    pub(crate) fn alarms(&self, ticket: &Ticket, prepared: &PreparedTicket) -> Vec<Alarm> {
        let fields = [("title", &ticket.title, &prepared.title), ("text", &ticket.text, &prepared.text)];
        let mut alarms = Vec::new();
        for (field, original, text) in fields {
            let mut offsets = CharOffsets::new(original);
            let words = |range: Range<usize>| text.masked().get(range).unwrap_or_default().to_owned();
            for cue in self.finder.find(text.masked()) {
                let span = offsets.char_range(text.original_range(cue.range.clone()));
                let suppressed = cue.suppressed.map(|by| Suppression {
                    code: by.code.to_owned(),
                    name: by.name.to_owned(),
                    words: words(by.range),
                });
                alarms.push(Alarm {
                    kind: cue.kind.code.clone(),
                    name: cue.kind.name.clone(),
                    level: cue.kind.level,
                    call: cue.kind.call.clone(),
                    words: words(cue.range),
                    field,
                    start: span.start,
                    end: span.end,
                    suppressed,
                });
            }
        }
        alarms
    }
}

impl UrgencyLabels {
    /// The level of the most probable label, the first of equals; `None` where it is an ordinary one.
    fn level(self, probabilities: &[f32]) -> Option<EmergencyLevel> {
        let ranked = probabilities.iter().enumerate();
        let best = ranked.reduce(|best, label| if label.1 > best.1 { label } else { best });
        match best.map(|(label, _)| label) {
            Some(label) if label == self.emergency => Some(EmergencyLevel::Emergency),
            Some(label) if Some(label) == self.urgent => Some(EmergencyLevel::Urgent),
            _ => None,
        }
    }
}

/// Takes the share [`WORDS`] from all other labels and gives it to `label`.
fn raise_to(probabilities: &mut [f32], label: usize) {
    for (index, probability) in probabilities.iter_mut().enumerate() {
        let kept = *probability * (1.0 - WORDS);
        *probability = if index == label { kept + WORDS } else { kept };
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Engine, Outcome};

    fn engine() -> Engine {
        Engine::load(concat!(env!("CARGO_MANIFEST_DIR"), "/../../models/default")).unwrap()
    }

    fn urgency(engine: &Engine, text: &str) -> Prediction {
        let predictions = engine.predict(&Ticket::new(text)).unwrap();
        predictions.into_iter().find(|prediction| prediction.task == URGENCY).unwrap()
    }

    #[test]
    fn words_raise_the_urgency_and_say_so() {
        let engine = engine();
        let raised = urgency(&engine, "梧桐里三号楼道里面有一股很浓的煤气味");
        assert_eq!(raised.label, "2");
        assert!(raised.raised_by.as_ref().unwrap().contains(&"words") && raised.probability > 0.5);
        let sum: f32 = raised.top.iter().map(|(_, probability)| probability).sum();
        assert!((sum - 1.0).abs() < 1e-4, "{sum}");
        let hole = urgency(&engine, "人行道上的井盖不见了");
        assert_eq!(hole.label, "1", "{hole:?}");
        for ordinary in ["去年小区着火，烧坏的空调谁赔", "请问公积金怎么提取"] {
            let prediction = urgency(&engine, ordinary);
            assert_eq!((prediction.label.as_str(), prediction.raised_by), ("0", None), "{ordinary}");
        }
    }

    #[test]
    fn an_emergency_is_escalated_with_the_numbers_to_call() {
        let text = "😀　电话13800001234，有人掉河里了，快来人";
        let decision = engine().dispatch(&Ticket::new(text)).unwrap();
        assert_eq!(decision.outcome, Outcome::Escalate);
        assert_eq!(decision.explanation.reasons[0].code, "emergency");
        assert!(decision.explanation.reasons[0].message.contains("119"));
        assert!(decision.explanation.reasons.len() > 1, "the ordinary dispatch of what remains");
        let alarm = decision.explanation.alarms.iter().find(|alarm| alarm.kind == "drowning").unwrap();
        let shown: String = text.chars().skip(alarm.start).take(alarm.end - alarm.start).collect();
        assert_eq!((shown, alarm.field), (alarm.words.clone(), "text"));
        assert!(alarm.suppressed.is_none());
    }

    #[test]
    fn what_is_taken_back_stands_in_the_explanation_and_raises_nothing() {
        let decision = engine().dispatch(&Ticket::new("去年这里着火，烧坏的空调谁赔")).unwrap();
        assert_ne!(decision.outcome, Outcome::Escalate);
        let alarm = &decision.explanation.alarms[0];
        let suppression = alarm.suppressed.as_ref().unwrap();
        assert_eq!((alarm.kind.as_str(), suppression.code.as_str()), ("fire", "past"));
        assert_eq!(suppression.words, "去年");
    }

    #[test]
    fn the_voices_are_named() {
        let by = |model, words| Raised { model, words }.by();
        let (urgent, emergency) = (Some(EmergencyLevel::Urgent), Some(EmergencyLevel::Emergency));
        assert_eq!(by(None, None), None);
        assert_eq!(by(urgent, None), Some(vec!["model"]));
        assert_eq!(by(urgent, emergency), Some(vec!["words"]));
        assert_eq!(by(emergency, emergency), Some(vec!["model", "words"]));
    }
}
