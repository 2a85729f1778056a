//! The part of the explanation that tells of rules.

use super::facts::Facts;
use super::ranking::{Contender, Standing};
use crate::catalogue::Catalogue;
use crate::decision::{ExplanationNode, MatchedWord};
use crate::rules::{Judged, Match, Rule};

/// A node for each rule that held or nearly held: the winner first, then those that add, those that lost, those that
/// are not in force.
pub(super) fn rules(
    catalogue: &Catalogue,
    facts: &Facts<'_>,
    judged: &Judged,
    contenders: &[Contender<'_>],
    undetermined: &[Contender<'_>],
    winner: Option<&Rule>,
) -> Vec<ExplanationNode> {
    let mut nodes = Vec::new();
    let is_winner = |rule: &Rule| winner.is_some_and(|winner| winner.id == rule.id);
    for contender in contenders {
        let rule = contender.rule;
        let (kind, text) = if is_winner(rule) {
            ("rule", format!("适用规则“{}”", rule.name))
        } else {
            ("lost_rule", format!("规则“{}”未采用：{}", rule.name, why_lost(contender, winner)))
        };
        nodes.push(node(catalogue, facts, kind, text, rule, contender.found));
    }
    nodes.sort_by_key(|node| node.kind != "rule");
    for found in &judged.holding {
        if let Some(rule) = catalogue.rules.get(found.rule).filter(|rule| !rule.contends()) {
            let text = format!("规则“{}”附加：{}", rule.name, added(rule));
            nodes.push(node(catalogue, facts, "added_rule", text, rule, found));
        }
    }
    for open in undetermined {
        let text = format!("规则“{}”不能判断：{}不明", open.rule.name, open.found.unknown.join("、"));
        nodes.push(node(catalogue, facts, "undetermined_rule", text, open.rule, open.found));
    }
    for found in &judged.not_in_force {
        if let Some(rule) = catalogue.rules.get(found.rule) {
            let text =
                format!("规则“{}”未采用：受理日不在有效期（{}）内", rule.name, rule.period.in_chinese());
            nodes.push(node(catalogue, facts, "lost_rule", text, rule, found));
        }
    }
    nodes
}

fn why_lost(contender: &Contender<'_>, winner: Option<&Rule>) -> String {
    match (&contender.standing, winner) {
        (Standing::Barred(barrier), _) => barrier.in_chinese(),
        (Standing::Elsewhere, _) => "其单位不管辖事发区域".to_owned(),
        (Standing::Nobody(why), _) => why.clone(),
        (Standing::Unclear(_, why), _) => (*why).to_owned(),
        (_, Some(winner)) if winner.priority > contender.rule.priority => {
            format!("优先级 {} 低于 {} 的 {}", contender.rule.priority, winner.id, winner.priority)
        }
        (_, Some(winner)) if winner.specificity > contender.rule.specificity => {
            format!(
                "不如 {} 具体（条件 {} 比 {}）",
                winner.id, contender.rule.specificity, winner.specificity
            )
        }
        (_, Some(winner)) => format!("与 {} 单位相同，或其词语包含在后者之中", winner.id),
        (_, None) => "交人工判断".to_owned(),
    }
}

fn added(rule: &Rule) -> String {
    let then = &rule.then;
    let mut parts: Vec<String> = Vec::new();
    if let Some(guide) = &then.guide {
        parts.push(format!("告知“{guide}”"));
    }
    if then.forbid.is_some() {
        parts.push("禁派".to_owned());
    }
    if let Some(why) = &then.restrict {
        parts.push(format!("限制查看（{why}）"));
    }
    if !then.against.is_empty() {
        parts.push("回避被投诉单位".to_owned());
    }
    if !then.support.is_empty() {
        parts.push("协办".to_owned());
    }
    if let Some(allowance) = then.deadline {
        parts.push(format!("期限 {}", allowance.in_chinese()));
    }
    if let Some(urgency) = &then.urgency {
        parts.push(format!("紧急程度 {urgency}"));
    }
    if let Some(ticket_type) = &then.ticket_type {
        parts.push(format!("诉求类型 {ticket_type}"));
    }
    if then.escalate.is_some() {
        parts.push("紧急处置".to_owned());
    }
    parts.join("；")
}

fn node(
    catalogue: &Catalogue,
    facts: &Facts<'_>,
    kind: &'static str,
    text: String,
    rule: &Rule,
    found: &Match,
) -> ExplanationNode {
    let words = found.hits.iter().map(|hit| MatchedWord {
        word: Some(catalogue.words.word(hit.word).to_owned()),
        ..facts.fields.span(hit.field, hit.range.clone()).into()
    });
    let expressions =
        found.expressions.iter().map(|(field, range)| facts.fields.span(*field, range.clone()).into());
    ExplanationNode::new(kind, text)
        .with_id(rule.id.as_str())
        .with_basis(rule.basis.as_deref())
        .with_words(words.chain(expressions).collect())
}
