//! What becomes of a ticket, or of one of its demands, apart from emergencies.

use std::ops::Range;

use super::exclusion::{Barrier, Exclusions};
use super::explain;
use super::facts::Facts;
use super::ranking::{Contender, Search, Standing};
use crate::areas::AreaId;
use crate::catalogue::Catalogue;
use crate::decision::{CandidateSource, Diagnostic, ExplanationNode, Outcome, Reason};
use crate::predictions::{LabelPrediction, Predictions};
use crate::rules::{Allowance, Circumstances, HitSet, Judged, Match, Rule, UnitRef};
use crate::units::{UnitId, Wanted};

/// The ticket, or a part of its text, with where and what it may be.
pub(super) struct Matter<'m> {
    pub(super) part: Option<Range<usize>>,
    pub(super) areas: Vec<AreaId>,
    pub(super) predictions: &'m Predictions,
}

/// The decision before it is written down.
#[derive(Debug)]
pub(super) struct Ordinary {
    pub(super) outcome: Outcome,
    pub(super) lead: Option<UnitId>,
    /// Priority of the rule that chose the lead; `None` where none did.
    pub(super) by_rule: Option<i32>,
    pub(super) support: Vec<UnitId>,
    pub(super) candidates: Vec<(UnitId, CandidateSource)>,
    pub(super) ticket_type: Option<LabelPrediction>,
    pub(super) urgency: Option<String>,
    pub(super) allowance: Option<Allowance>,
    pub(super) guidance: Vec<String>,
    pub(super) is_restricted: bool,
    pub(super) escalations: Vec<(String, Vec<String>)>,
    pub(super) reasons: Vec<Reason>,
    pub(super) nodes: Vec<ExplanationNode>,
    pub(super) diagnostics: Vec<Diagnostic>,
}

/// How the lead was chosen.
struct Choice<'c> {
    outcome: Outcome,
    lead: Option<UnitId>,
    winner: Option<&'c Contender<'c>>,
    reason: Reason,
}

impl Catalogue {
    /// Decides upon `matter` by guide, forbid, rules in their order, and the model.
    pub(super) fn ordinary(&self, facts: &Facts<'_>, matter: &Matter<'_>) -> Ordinary {
        let judged = self.rules.judge(&self.circumstances(facts, matter));
        let holding: Vec<&Rule> =
            judged.holding.iter().filter_map(|found| self.rules.get(found.rule)).collect();
        // What keeps a unit from a ticket holds also where it is only not known not to: better asked than sent.
        let open = judged.undetermined.iter().filter_map(|found| self.rules.get(found.rule));
        let barring: Vec<&Rule> = holding.iter().copied().chain(open).collect();
        let against = facts.complaints.iter().flat_map(|complaint| complaint.units.iter().copied()).collect();
        let exclusions = Exclusions::new(self, &barring, &facts.returned, against);
        let search = Search {
            catalogue: self,
            areas: &matter.areas,
            day: facts.received.map(|moment| moment.day),
            exclusions: &exclusions,
        };
        let contenders = search.contenders(&judged.holding);
        let undetermined = search.contenders(&judged.undetermined);
        let guidance = guidance(&holding);
        let open_guide = || {
            let rule = |found: &'_ Match| self.rules.get(found.rule).filter(|rule| rule.then.guide.is_some());
            judged.undetermined.iter().find_map(|found| Some((rule(found)?, found)))
        };
        let choice = if let (true, Some((rule, found))) = (guidance.is_empty(), open_guide()) {
            review("undetermined", undetermined_message(rule, found))
        } else if guidance.is_empty() {
            self.choose(facts, matter, &search, &contenders, &undetermined)
        } else {
            let message = "事项不予受理，按规则告知法定途径".to_owned();
            let reason = Reason { code: "not_acceptable", message };
            Choice { outcome: Outcome::Guide, lead: None, winner: None, reason }
        };
        let choice = self.spare_grassroots(facts, choice);
        self.complete(facts, matter, &search, &judged, &contenders, &undetermined, choice, guidance)
    }

    fn circumstances<'c>(&'c self, facts: &'c Facts<'_>, matter: &'c Matter<'_>) -> Circumstances<'c> {
        Circumstances {
            areas: &self.areas,
            fields: &facts.fields,
            hits: HitSet::new(&facts.hits, matter.part.as_ref()),
            part: matter.part.clone(),
            predictions: matter.predictions,
            least_probability: self.settings.least_probability,
            possible_areas: &matter.areas,
            channel: facts.ticket.channel.as_deref(),
            received: facts.received,
        }
    }

    fn choose<'c>(
        &self,
        facts: &Facts<'_>,
        matter: &Matter<'_>,
        search: &Search<'_>,
        contenders: &'c [Contender<'c>],
        undetermined: &[Contender<'_>],
    ) -> Choice<'c> {
        if facts.ticket.returns.len() >= self.settings.returns_to_person {
            return review("returned", format!("已被退单 {} 次，由人工派单", facts.ticket.returns.len()));
        }
        let is_against =
            |contender: &Contender<'_>| contender.standing == Standing::Barred(Barrier::ComplainedAbout);
        if contenders.iter().find(|c| c.counts() || is_against(c)).is_some_and(is_against) {
            let confidential = |c: &&Contender<'_>| {
                matches!(c.standing, Standing::Lead(_))
                    && (c.rule.then.restrict.is_some() || !c.rule.then.against.is_empty())
            };
            return match contenders.iter().find(confidential) {
                Some(winner) => chosen(winner),
                None => self.to_supervision(search),
            };
        }
        let mut live: Vec<&Contender<'c>> =
            contenders.iter().filter(|contender| contender.counts()).collect();
        let top = live.first().map(|contender| contender.rank());
        live.retain(|contender| Some(contender.rank()) == top);
        let exact: Vec<&Contender<'c>> = live
            .iter()
            .copied()
            .filter(|contender| !live.iter().any(|other| other.is_more_exact_than(contender)))
            .collect();
        let live = if exact.is_empty() { live } else { exact };
        let Some(best) = live.first() else {
            if let Some(open) = undetermined.iter().find(|contender| contender.counts()) {
                return review("undetermined", undetermined_message(open.rule, open.found));
            }
            let choice = self.by_model(matter, search);
            return match contenders.first() {
                Some(Contender { rule, standing: Standing::Barred(barrier), .. })
                    if choice.outcome == Outcome::Review =>
                {
                    review("barred", format!("规则 {}：{}，由人工派单", rule.id, barrier.in_chinese()))
                }
                _ => choice,
            };
        };
        let choice = among_equals(&live);
        if let Some(open) = undetermined.iter().find(|open| may_outrank(open, best)) {
            return review("undetermined", undetermined_message(open.rule, open.found));
        }
        choice
    }

    /// The model's word, where no rule has one.
    fn by_model<'c>(&self, matter: &Matter<'_>, search: &Search<'_>) -> Choice<'c> {
        let labels = matter.predictions.responsible();
        let Some(best) = labels.first() else {
            if search.exclusions.has_complaint() {
                return self.to_supervision(search);
            }
            return review("no_rule", "没有规则适用，也没有模型预测，由人工派单".to_owned());
        };
        let stated = format!("模型预测“{}”，概率 {:.3}", best.shown(), best.probability);
        let standing = self.standing_of_label(search, best);
        if standing == Standing::Barred(Barrier::ComplainedAbout) {
            return self.to_supervision(search);
        }
        let second = labels.get(1).map_or(0.0, |label| label.probability);
        let (least, lead) = (self.settings.least_probability, self.settings.least_lead);
        if best.probability < least {
            return review("below_threshold", format!("{stated}，低于最低概率 {least}，由人工派单"));
        }
        if best.probability - second < lead {
            return review("small_lead", format!("{stated}，领先第二位不足 {lead}，由人工派单"));
        }
        match standing {
            Standing::Lead(unit) => {
                let reason = Reason { code: "model", message: format!("{stated}，达到最低概率") };
                Choice { outcome: Outcome::Assign, lead: Some(unit), winner: None, reason }
            }
            Standing::Unclear(_, why) => review("area_unclear", format!("{stated}；{why}，由人工派单")),
            Standing::Nobody(why) | Standing::Person(why) => review("no_unit", format!("{stated}；{why}")),
            Standing::Barred(barrier) => review("barred", format!("{stated}；{}", barrier.in_chinese())),
            Standing::Elsewhere => review("elsewhere", format!("{stated}；该单位不管辖事发区域")),
        }
    }

    pub(super) fn standing_of_label(&self, search: &Search<'_>, label: &LabelPrediction) -> Standing {
        for name in [Some(&label.label), label.name.as_ref()].into_iter().flatten() {
            if self.units.by_function.contains_key(name.as_str()) {
                let wanted = Wanted {
                    function: name,
                    level: None,
                    day: search.day,
                    highest_without_area: self.settings.highest_without_area,
                };
                return search.of_function(wanted);
            }
            if let Ok(unit) = self.units.find(name) {
                return search.unit(&UnitRef::Unit(unit));
            }
        }
        Standing::Nobody(format!("单位表中没有“{}”", label.shown()))
    }

    /// A complaint about the unit that would get it.
    fn to_supervision<'c>(&self, search: &Search<'_>) -> Choice<'c> {
        let standing = self.settings.supervision.as_ref().map(|unit| search.unit(unit));
        match standing {
            Some(Standing::Lead(unit)) => {
                let message = "投诉对象是承办单位或其上下级，转监督单位，限制查看".to_owned();
                let reason = Reason { code: "supervision", message };
                Choice { outcome: Outcome::Assign, lead: Some(unit), winner: None, reason }
            }
            _ => review(
                "complaint_against_unit",
                "投诉对象是承办单位或其上下级，由人工派单，限制查看".to_owned(),
            ),
        }
    }

    /// Sensitive matters go to a street or community only where a rule names it.
    fn spare_grassroots<'c>(&self, facts: &Facts<'_>, choice: Choice<'c>) -> Choice<'c> {
        let is_grassroots =
            |unit: UnitId| self.units.get(unit).is_some_and(|unit| unit.level.is_grassroots());
        let named = |winner: &Contender<'_>| matches!(winner.rule.then.lead, Some((UnitRef::Unit(_), _)));
        match choice.lead {
            Some(lead)
                if !facts.sensitive.is_empty()
                    && is_grassroots(lead)
                    && !choice.winner.is_some_and(named) =>
            {
                review("sensitive", "涉未成年人或家庭暴力，未经规则指明不派街道社区，由人工派单".to_owned())
            }
            _ => choice,
        }
    }

    #[expect(clippy::too_many_arguments, reason = "the parts of one decision, put together once")]
    fn complete(
        &self,
        facts: &Facts<'_>,
        matter: &Matter<'_>,
        search: &Search<'_>,
        judged: &Judged,
        contenders: &[Contender<'_>],
        undetermined: &[Contender<'_>],
        choice: Choice<'_>,
        guidance: Vec<String>,
    ) -> Ordinary {
        let winner = choice.winner.map(|winner| winner.rule);
        let mut adding: Vec<&Rule> = judged
            .holding
            .iter()
            .filter_map(|found| self.rules.get(found.rule))
            .filter(|rule| !rule.contends())
            .collect();
        adding.sort_by(|a, b| {
            (b.priority, b.specificity).cmp(&(a.priority, a.specificity)).then_with(|| a.id.cmp(&b.id))
        });
        let rules: Vec<&Rule> = winner.into_iter().chain(adding.iter().copied()).collect();
        let mut diagnostics = Vec::new();
        let support = self.support(search, &rules, choice.lead, &mut diagnostics);
        let ticket_type = rules.iter().find_map(|rule| rule.then.ticket_type.clone());
        let ticket_type = ticket_type
            .map(|label| LabelPrediction { label, name: None, probability: 1.0 })
            .or_else(|| matter.predictions.best("type").cloned());
        let holding = |found: &Match| self.rules.get(found.rule);
        let escalations =
            judged.holding.iter().filter_map(holding).filter_map(|rule| rule.then.escalate.as_ref());
        let restricting = judged.holding.iter().chain(&judged.undetermined).filter_map(holding);
        let is_restricted = !facts.sensitive.is_empty()
            || search.exclusions.has_complaint()
            || restricting.into_iter().any(|rule| rule.then.restrict.is_some());
        for found in &judged.undetermined {
            if let Some(rule) = self.rules.get(found.rule) {
                diagnostics
                    .push(Diagnostic { code: "undetermined", message: undetermined_message(rule, found) });
            }
        }
        for contender in contenders {
            if let Standing::Nobody(why) = &contender.standing {
                let message = format!("规则 {} 无法执行：{why}", contender.rule.id);
                diagnostics.push(Diagnostic { code: "rule_failed", message });
            }
        }
        Ordinary {
            outcome: choice.outcome,
            lead: choice.lead,
            by_rule: winner.map(|rule| rule.priority),
            support,
            candidates: self.candidates(matter, search, contenders, undetermined, choice.lead),
            ticket_type,
            urgency: rules.iter().find_map(|rule| rule.then.urgency.clone()),
            allowance: rules.iter().find_map(|rule| rule.then.deadline),
            guidance,
            is_restricted,
            escalations: escalations.map(|escalate| (escalate.kind.clone(), escalate.call.clone())).collect(),
            nodes: explain::rules(self, facts, judged, contenders, undetermined, winner),
            reasons: vec![choice.reason],
            diagnostics,
        }
    }

    fn support(
        &self,
        search: &Search<'_>,
        rules: &[&Rule],
        lead: Option<UnitId>,
        diagnostics: &mut Vec<Diagnostic>,
    ) -> Vec<UnitId> {
        let mut support = Vec::new();
        for (rule, unit) in
            rules.iter().flat_map(|rule| rule.then.support.iter().map(move |(unit, _)| (rule, unit)))
        {
            let why = match search.unit(unit) {
                Standing::Lead(unit) if Some(unit) == lead || support.contains(&unit) => continue,
                Standing::Lead(unit) => {
                    support.push(unit);
                    continue;
                }
                Standing::Unclear(_, why) => why.to_owned(),
                Standing::Nobody(why) | Standing::Person(why) => why,
                Standing::Barred(barrier) => barrier.in_chinese(),
                Standing::Elsewhere => "不管辖事发区域".to_owned(),
            };
            let message = format!("规则 {} 的一个协办单位未列入：{why}", rule.id);
            diagnostics.push(Diagnostic { code: "support_left_out", message });
        }
        support
    }

    fn candidates(
        &self,
        matter: &Matter<'_>,
        search: &Search<'_>,
        contenders: &[Contender<'_>],
        undetermined: &[Contender<'_>],
        lead: Option<UnitId>,
    ) -> Vec<(UnitId, CandidateSource)> {
        let mut candidates: Vec<(UnitId, CandidateSource)> = Vec::new();
        let mut add = |unit: UnitId, source| {
            if search.exclusions.barrier(unit).is_none()
                && !candidates.iter().any(|(other, _)| *other == unit)
            {
                candidates.push((unit, source));
            }
        };
        let by_rule =
            |unit: UnitId| contenders.iter().any(|contender| contender.standing == Standing::Lead(unit));
        if let Some(unit) = lead {
            add(unit, if by_rule(unit) { CandidateSource::Rule } else { CandidateSource::Model });
        }
        for contender in contenders.iter().chain(undetermined) {
            match &contender.standing {
                Standing::Lead(unit) => add(*unit, CandidateSource::Rule),
                Standing::Unclear(several, _) => {
                    several.iter().for_each(|unit| add(*unit, CandidateSource::Area))
                }
                _ => {}
            }
        }
        for label in matter.predictions.responsible().iter().take(5) {
            match self.standing_of_label(search, label) {
                Standing::Lead(unit) => add(unit, CandidateSource::Model),
                Standing::Unclear(several, _) => {
                    several.iter().for_each(|unit| add(*unit, CandidateSource::Area))
                }
                _ => {}
            }
        }
        candidates
    }
}

/// The lawful ways, that of the highest priority first.
fn guidance(holding: &[&Rule]) -> Vec<String> {
    let mut rules: Vec<&Rule> = holding.iter().copied().filter(|rule| rule.then.guide.is_some()).collect();
    rules.sort_by(|a, b| {
        (b.priority, b.specificity).cmp(&(a.priority, a.specificity)).then_with(|| a.id.cmp(&b.id))
    });
    let mut ways: Vec<String> = Vec::new();
    for way in rules.iter().filter_map(|rule| rule.then.guide.as_ref()) {
        if !ways.contains(way) {
            ways.push(way.clone());
        }
    }
    ways
}

/// The choice among rules of which none outranks another.
fn among_equals<'c>(live: &[&'c Contender<'c>]) -> Choice<'c> {
    let mut leads: Vec<UnitId> = Vec::new();
    for contender in live {
        let id = &contender.rule.id;
        match &contender.standing {
            Standing::Lead(unit) if leads.contains(unit) => {}
            Standing::Lead(unit) => leads.push(*unit),
            Standing::Unclear(_, why) => {
                return review("area_unclear", format!("规则 {id}：{why}，由人工派单"));
            }
            Standing::Nobody(why) => return review("rule_failed", format!("规则 {id} 无法执行：{why}")),
            Standing::Person(why) => return review("rule_review", format!("规则 {id} 要求人工：{why}")),
            Standing::Barred(_) | Standing::Elsewhere => {}
        }
    }
    match live.first() {
        Some(best) if leads.len() == 1 => chosen(best),
        _ => {
            let ids: Vec<&str> = live.iter().map(|contender| contender.rule.id.as_str()).collect();
            review("conflict", format!("规则 {} 同等优先而单位不同，由人工派单", ids.join("、")))
        }
    }
}

fn chosen<'c>(winner: &'c Contender<'c>) -> Choice<'c> {
    let lead = match winner.standing {
        Standing::Lead(unit) => Some(unit),
        _ => None,
    };
    let basis = winner.rule.basis.as_deref().map(|basis| format!("，依据：{basis}")).unwrap_or_default();
    let message = format!("适用规则 {}“{}”{basis}", winner.rule.id, winner.rule.name);
    Choice { outcome: Outcome::Assign, lead, winner: Some(winner), reason: Reason { code: "rule", message } }
}

fn review<'c>(code: &'static str, message: String) -> Choice<'c> {
    Choice { outcome: Outcome::Review, lead: None, winner: None, reason: Reason { code, message } }
}

/// Whether a rule, were it known to hold, could change what `best` decided.
fn may_outrank(open: &Contender<'_>, best: &Contender<'_>) -> bool {
    open.counts()
        && open.rank() >= best.rank()
        && open.standing != best.standing
        && !best.is_more_exact_than(open)
}

fn undetermined_message(rule: &Rule, found: &Match) -> String {
    format!("规则 {}“{}”是否适用不能判断：{}不明", rule.id, rule.name, found.unknown.join("、"))
}
