//! From a ticket to a decision. [`Catalogue::decide`] is the order of steps.

mod complaint;
mod content;
mod exclusion;
mod explain;
mod facts;
mod ordinary;
mod parts;
mod ranking;
mod sensitive;
mod split;

use paidan_text::{PreparedTicket, Ticket};

use crate::catalogue::Catalogue;
use crate::decision::{
    Candidate, Decision, Demand, Diagnostic, ExplanationNode, MatchedWord, Outcome, Party, Reason, Visibility,
};
use crate::escalations::{Emergency, GRAVEST, add, add_each};
use crate::predictions::{LabelPrediction, Predictions};
use crate::rules::UnitRef;
use crate::units::UnitId;
use crate::words::{Field, Fields};

use content::{Unusable, unusable};
use facts::Facts;
use ordinary::{Matter, Ordinary};

/// What a decision is asked for.
#[derive(Clone, Copy, Debug)]
pub struct Request<'r> {
    /// The ticket.
    pub ticket: &'r Ticket,
    /// Its title and text, masked and segmented.
    pub prepared: &'r PreparedTicket,
    /// What a model says of it; empty where there is none.
    pub predictions: &'r Predictions,
    /// Time of receipt where the ticket has none.
    pub at: Option<&'r str>,
}

impl Catalogue {
    /// Decides who handles a ticket, by when, and why.
    ///
    /// Never fails: what cannot be judged goes to a person, with a diagnostic.
    pub fn decide(&self, request: &Request<'_>) -> Decision {
        let facts = Facts::gather(self, request.ticket, request.prepared, request.predictions, request.at);
        let (mut emergencies, grave) = self.escalations.find(&facts.fields, &facts.hits);
        let whole = Matter { part: None, areas: facts.areas.clone(), predictions: facts.predictions };
        let mut ordinary = self.ordinary(&facts, &whole);
        for (kind, call) in &ordinary.escalations {
            add(&mut emergencies, kind, |emergency| add_each(&mut emergency.call, call));
        }
        if emergencies.is_empty() && is_predicted_emergency(facts.predictions) {
            add(&mut emergencies, "predicted", |emergency| {
                emergency.name = "模型判为特急，请立即核实".to_owned()
            });
        }
        emergencies.iter_mut().for_each(|emergency| self.escalations.complete(emergency));
        if let Some(unusable) = unusable(request.prepared.title.masked(), request.prepared.text.masked()) {
            refuse(&mut ordinary, unusable);
        }
        let is_to_person = matches!(ordinary.reasons.first(), Some(reason) if reason.code == "returned");
        let demands = if is_to_person { Vec::new() } else { self.demands(&facts) };
        let mut demand_decisions = Vec::new();
        for demand in demands {
            let span = facts.fields.span(Field::Text, demand.range.clone());
            let areas = facts.areas_of(self, &demand.range);
            let decision = self.write(&facts, demand.ordinary, &areas, grave);
            demand_decisions.push(Demand { start: span.start, end: span.end, decision });
        }
        let areas = facts.areas.clone();
        let mut decision = self.write(&facts, ordinary, &areas, grave);
        if !demand_decisions.is_empty() {
            adopt_first(&mut decision, demand_decisions);
        }
        self.escalate(&facts, &mut decision, emergencies);
        decision
    }

    /// Writes down what was decided.
    fn write(
        &self,
        facts: &Facts<'_>,
        ordinary: Ordinary,
        areas: &[crate::areas::AreaId],
        grave: Option<&str>,
    ) -> Decision {
        let urgency = self.urgency(facts, &ordinary, grave);
        let mut diagnostics = facts.diagnostics.clone();
        diagnostics.extend(ordinary.diagnostics);
        let (deadline, deadline_node) = self.deadline(
            facts,
            ordinary.allowance,
            ordinary.ticket_type.as_ref(),
            &urgency,
            &mut diagnostics,
        );
        let is_guide = ordinary.outcome == Outcome::Guide;
        let mut explanation = ExplanationNode::new("decision", ordinary.outcome.in_chinese());
        explanation.children.extend(facts.area_nodes.iter().cloned());
        explanation.children.extend(self.restriction_nodes(facts));
        explanation.children.extend(ordinary.nodes);
        explanation.children.extend(prediction_nodes(facts.predictions));
        explanation.children.extend(deadline_node.filter(|_| !is_guide));
        Decision {
            outcome: ordinary.outcome,
            ordinary: None,
            ticket_type: ordinary.ticket_type.as_ref().map(|label| label.shown().to_owned()),
            urgency: Some(urgency.shown().to_owned()),
            lead: ordinary.lead.map(|unit| self.party(unit)),
            support: ordinary.support.iter().map(|unit| self.party(*unit)).collect(),
            deadline: deadline.filter(|_| !is_guide),
            probability: ordinary.lead.and_then(|unit| self.probability(facts, unit)),
            candidates: ordinary
                .candidates
                .iter()
                .map(|(unit, source)| Candidate {
                    unit: self.party(*unit),
                    probability: self.probability(facts, *unit),
                    source: *source,
                })
                .collect(),
            visibility: if ordinary.is_restricted { Visibility::Restricted } else { Visibility::Ordinary },
            call: Vec::new(),
            notify: Vec::new(),
            emergencies: Vec::new(),
            guidance: ordinary.guidance,
            areas: areas.iter().map(|area| self.areas.code(*area).to_owned()).collect(),
            reasons: ordinary.reasons,
            explanation,
            diagnostics,
            demands: Vec::new(),
            catalogue: self.hash().to_owned(),
        }
    }

    fn urgency(&self, facts: &Facts<'_>, ordinary: &Ordinary, grave: Option<&str>) -> LabelPrediction {
        let named = |label: &str| LabelPrediction { label: label.to_owned(), name: None, probability: 1.0 };
        let by_rule = ordinary.urgency.as_deref().or(grave).map(named);
        let predicted = || facts.predictions.best("urgency").cloned();
        by_rule.or_else(predicted).unwrap_or_else(|| named(&self.settings.default_urgency))
    }

    fn deadline(
        &self,
        facts: &Facts<'_>,
        by_rule: Option<crate::rules::Allowance>,
        ticket_type: Option<&LabelPrediction>,
        urgency: &LabelPrediction,
        diagnostics: &mut Vec<Diagnostic>,
    ) -> (Option<String>, Option<ExplanationNode>) {
        let entry = self.deadlines.entry(ticket_type, urgency);
        let Some(allowance) = by_rule.or(entry.map(|entry| entry.allowance)) else { return (None, None) };
        let due =
            facts.received.and_then(|at| self.deadlines.calendar.due(at, allowance, &self.settings.zone));
        let Some(due) = due else {
            let message = format!("办理期限 {} 无法计算：受理时间不明", allowance.in_chinese());
            diagnostics.push(Diagnostic { code: "no_deadline", message });
            return (None, None);
        };
        if let Some(year) = due.year_without_holidays {
            let message = format!("{year} 年的节假日不在表中，期限只按周末计算");
            diagnostics.push(Diagnostic { code: "holidays_unknown", message });
        }
        let basis = entry.filter(|_| by_rule.is_none()).and_then(|entry| entry.basis.as_deref());
        let text = format!("办理期限 {}，至 {}", allowance.in_chinese(), due.at);
        (Some(due.at), Some(ExplanationNode::new("deadline", text).with_basis(basis)))
    }

    /// The model's probability for a unit: of the label that it is, or whose function it has.
    fn probability(&self, facts: &Facts<'_>, unit: UnitId) -> Option<f32> {
        let row = self.units.get(unit)?;
        let last = self.units.last_successor(unit);
        let speaks_for = |label: &&LabelPrediction| {
            row.functions.iter().any(|function| label.is(function))
                || self.units.find(&label.label).is_ok_and(|named| self.units.last_successor(named) == last)
        };
        facts.predictions.responsible().iter().find(speaks_for).map(|label| label.probability)
    }

    /// Makes an emergency of the decision, if there is one; what else was decided stays.
    fn escalate(&self, facts: &Facts<'_>, decision: &mut Decision, emergencies: Vec<Emergency>) {
        if emergencies.is_empty() {
            return;
        }
        decision.ordinary = Some(decision.outcome);
        decision.outcome = Outcome::Escalate;
        let mut nodes = Vec::new();
        for emergency in &emergencies {
            add_each(&mut decision.call, &emergency.call);
            decision.emergencies.push(emergency.kind.clone());
            for unit in self.notified(facts, &emergency.units) {
                add_each(&mut decision.notify, &[self.party(unit)]);
            }
            let numbers = match emergency.call.is_empty() {
                true => "立即处置".to_owned(),
                false => format!("立即拨打 {}", emergency.call.join("、")),
            };
            let message = format!("紧急情况“{}”，{numbers}", emergency.name);
            decision.reasons.insert(nodes.len(), Reason { code: "emergency", message: message.clone() });
            let words =
                emergency.spans.iter().map(|(field, range)| said(&facts.fields, *field, range.clone()));
            nodes.push(
                ExplanationNode::new("emergency", message)
                    .with_id(emergency.kind.as_str())
                    .with_basis(emergency.basis.as_deref())
                    .with_words(words.collect()),
            );
        }
        decision.urgency = emergencies.first().map(|emergency| emergency.urgency.clone());
        nodes.append(&mut decision.explanation.children);
        decision.explanation.children = nodes;
        decision.explanation.text = Outcome::Escalate.in_chinese().to_owned();
        let urgency = emergencies.first().map(|emergency| emergency.urgency.as_str()).unwrap_or_default();
        self.hasten(facts, decision, urgency);
    }

    /// An emergency's urgency may shorten the deadline.
    fn hasten(&self, facts: &Facts<'_>, decision: &mut Decision, urgency: &str) {
        let label = |text: &str| LabelPrediction { label: text.to_owned(), name: None, probability: 1.0 };
        let ticket_type = decision.ticket_type.as_deref().map(label);
        let mut ignored = Vec::new();
        let (deadline, node) =
            self.deadline(facts, None, ticket_type.as_ref(), &label(urgency), &mut ignored);
        let is_sooner = match (&deadline, &decision.deadline) {
            (Some(new), Some(old)) => new < old,
            (new, _) => new.is_some(),
        };
        if is_sooner {
            decision.deadline = deadline;
            decision.explanation.children.retain(|node| node.kind != "deadline");
            decision.explanation.children.extend(node);
        }
    }

    /// Units that are told of an emergency: where the area is open all that it may be, and never one complained about.
    fn notified(&self, facts: &Facts<'_>, units: &[UnitRef]) -> Vec<UnitId> {
        let against = facts.complaints.iter().flat_map(|complaint| complaint.units.iter().copied()).collect();
        let exclusions = exclusion::Exclusions::new(self, &[], &[], against);
        let search = ranking::Search {
            catalogue: self,
            areas: &facts.areas,
            day: facts.received.map(|moment| moment.day),
            exclusions: &exclusions,
        };
        let mut told = Vec::new();
        for unit in units {
            match search.unit(unit) {
                ranking::Standing::Lead(unit) => told.push(unit),
                ranking::Standing::Unclear(several, _) => told.extend(several),
                _ => {}
            }
        }
        told
    }

    fn restriction_nodes(&self, facts: &Facts<'_>) -> Vec<ExplanationNode> {
        let sensitive =
            facts.sensitive.iter().map(|(field, found)| {
                ExplanationNode::new("restricted", format!("{}，限制查看", found.name))
                    .with_words(vec![said(&facts.fields, *field, found.range.clone())])
            });
        let complaints = facts.complaints.iter().map(|complaint| {
            let names: Vec<&str> = complaint
                .units
                .iter()
                .filter_map(|unit| self.units.get(*unit))
                .map(|unit| unit.name.as_str())
                .collect();
            ExplanationNode::new("restricted", format!("投诉{}本身，其上下级均回避", names.join("或")))
        });
        sensitive.chain(complaints).collect()
    }

    fn party(&self, unit: UnitId) -> Party {
        let row = self.units.get(unit);
        Party {
            code: row.map(|unit| unit.code.clone()).unwrap_or_default(),
            name: row.map(|unit| unit.name.clone()).unwrap_or_default(),
        }
    }
}

/// Whether the model's most probable urgency is the highest: an emergency missed costs more than a call.
fn is_predicted_emergency(predictions: &Predictions) -> bool {
    let best = predictions.best("urgency");
    best.is_some_and(|label| ["2", GRAVEST, "emergency"].iter().any(|name| label.is(name)))
}

fn said(fields: &Fields<'_>, field: Field, range: std::ops::Range<usize>) -> MatchedWord {
    fields.span(field, range).into()
}

fn refuse(ordinary: &mut Ordinary, unusable: Unusable) {
    let (code, message) = match unusable {
        Unusable::NoContent => ("no_content", "没有可用内容，由人工联系诉求人"),
        Unusable::NotChinese => ("not_chinese", "不是中文，由人工处理"),
    };
    ordinary.outcome = Outcome::Review;
    ordinary.lead = None;
    ordinary.support.clear();
    ordinary.guidance.clear();
    ordinary.reasons = vec![Reason { code, message: message.to_owned() }];
}

/// The fields of a ticket with several demands are those of the first, its outcome the gravest.
fn adopt_first(decision: &mut Decision, demands: Vec<Demand>) {
    let Some(first) = demands.first().map(|demand| demand.decision.clone()) else { return };
    let gravest =
        demands.iter().map(|demand| demand.decision.outcome).max_by_key(|outcome| outcome.gravity());
    let message = format!("一件工单含 {} 个诉求，分别派单", demands.len());
    let mut explanation = ExplanationNode::new("split", message.clone());
    explanation.children = demands
        .iter()
        .map(|demand| {
            let mut node = demand.decision.explanation.clone();
            node.kind = "demand";
            node
        })
        .collect();
    let is_restricted = demands.iter().any(|demand| demand.decision.visibility == Visibility::Restricted);
    let whole = std::mem::replace(decision, first);
    decision.outcome = gravest.unwrap_or(whole.outcome);
    decision.areas = whole.areas;
    decision.reasons.insert(0, Reason { code: "split", message });
    decision.explanation = explanation;
    if is_restricted || whole.visibility == Visibility::Restricted {
        decision.visibility = Visibility::Restricted;
    }
    decision.demands = demands;
}

fn prediction_nodes(predictions: &Predictions) -> Vec<ExplanationNode> {
    let best = predictions.tasks.iter().filter_map(|task| Some((task.task.as_str(), task.labels.first()?)));
    best.map(|(task, label)| {
        let mut node =
            ExplanationNode::new("prediction", format!("模型 {task}：{}", label.shown())).with_id(task);
        node.probability = Some(label.probability);
        node
    })
    .collect()
}
