use std::collections::BTreeSet;

use paidan::catalogue::{DispatchedTicket, ReturnedTicket, Suggestions, suggest};
use paidan::{Dictionary, JiebaSegmenter, RecordReader, Segmenter, Source};
use serde::Serialize;
use serde_json::Value;

use super::ending;
use crate::Ending;
use crate::args::FeedbackArgs;
use crate::failure::Failure;
use crate::output::{Output, say};
use crate::table::Table;

/// What `--json` prints.
#[derive(Serialize)]
struct FeedbackObject<'a> {
    schema: u32,
    failed_rows: usize,
    #[serde(flatten)]
    suggestions: &'a Suggestions,
}

pub(crate) fn feedback(args: &FeedbackArgs) -> Result<Ending, Failure> {
    let sources: Vec<Source> = args.files.iter().map(Source::new).collect();
    let reader = RecordReader::open(&sources).map_err(paidan::Error::from)?;
    reader.require_columns(&["from"]).map_err(paidan::Error::from)?;
    let (mut returns, mut failed) = (Vec::new(), 0);
    for record in reader {
        match record {
            Ok(record) => {
                let get = |names: &[&str]| {
                    let found = names.iter().find_map(|name| record.get(name));
                    found.unwrap_or_default().trim().to_owned()
                };
                returns.push(ReturnedTicket {
                    ticket: get(&["ticket", "id"]),
                    from: get(&["from"]),
                    to: get(&["to"]),
                    reason: get(&["reason"]),
                    time: get(&["time"]),
                });
            }
            Err(error) => {
                say(error);
                failed += 1;
            }
        }
    }
    let dispatched = match &args.decisions {
        Some(path) => read_dispatched(path)?,
        None => Vec::new(),
    };
    let suggestions = suggest(&returns, &dispatched, args.least);
    let mut output = Output::stdout();
    if args.json {
        let object =
            FeedbackObject { schema: paidan::SCHEMA, failed_rows: failed, suggestions: &suggestions };
        output.json_line(&object)?;
    } else {
        output.text(&shown(&suggestions))?;
    }
    output.finish()?;
    Ok(ending(failed))
}

fn read_dispatched(path: &std::path::Path) -> Result<Vec<DispatchedTicket>, Failure> {
    let unreadable = |problem: String| Failure::usage(format!("`{}`: {problem}", path.display()));
    let text = std::fs::read_to_string(path)
        .map_err(|error| unreadable(format!("cannot be read: {}", error.kind())))?;
    let segmenter = JiebaSegmenter::new(&Dictionary::hotline());
    let mut dispatched = Vec::new();
    for (at, line) in text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
        let decision: Value = serde_json::from_str(line).map_err(|_| {
            unreadable(format!("line {}: expected a decision as `dispatch --json` writes it", at + 1))
        })?;
        dispatched.extend(ticket(&decision, &segmenter));
    }
    Ok(dispatched)
}

/// What a decision tells of its ticket; nothing of a line that holds an error.
fn ticket(decision: &Value, segmenter: &JiebaSegmenter) -> Option<DispatchedTicket> {
    let explanation = decision.get("explanation")?;
    let masked = ["masked_title", "masked_text"].into_iter().filter_map(|key| explanation.get(key)?.as_str());
    let mut words = BTreeSet::new();
    for text in masked {
        let is_word = |word: &&str| {
            word.chars().count() > 1 && word.chars().all(|c| c.is_alphabetic() && !c.is_ascii())
        };
        let ranges = segmenter.segment(text);
        words.extend(
            ranges.into_iter().filter_map(|range| text.get(range)).filter(is_word).map(str::to_owned),
        );
    }
    let reason = explanation.pointer("/reasons/0/code").and_then(Value::as_str);
    let used = explanation.pointer("/tree/children").and_then(Value::as_array);
    let rule = used.into_iter().flatten().find(|node| node.get("kind").is_some_and(|kind| kind == "rule"));
    let probability = decision.get("probability").and_then(Value::as_f64);
    Some(DispatchedTicket {
        ticket: decision.get("id")?.as_str()?.to_owned(),
        lead: decision.pointer("/lead/code").and_then(Value::as_str).map(str::to_owned),
        model_probability: probability
            .filter(|_| reason == Some("model"))
            .map(|probability| probability as f32),
        rule: rule.and_then(|node| node.get("id")?.as_str()).map(str::to_owned),
        words,
    })
}

fn shown(suggestions: &Suggestions) -> String {
    let mut text = format!("退单 {} 件；以下只是建议，没有改动任何文件\n\n退单原因\n", suggestions.returns);
    for (reason, count) in &suggestions.reasons {
        text += &format!("  {reason}  {count}\n");
    }
    if !suggestions.moved.is_empty() {
        let mut table = Table::default();
        table.row(["退单单位", "改派单位", "件数", "占该单位退单"]);
        for moved in &suggestions.moved {
            let share = format!("{:.1}%", moved.share * 100.0);
            table.row([moved.from.clone(), moved.to.clone(), moved.tickets.to_string(), share]);
        }
        text += &format!("\n去向\n{}", table.render());
    }
    if let Some(threshold) = &suggestions.threshold {
        text += &format!(
            "\n阈值：least_probability 提到 {}，{} 件退单会先由人看到，另有 {} 件派对的也要人看，仍会退单 {} 件\n",
            threshold.least_probability, threshold.spared, threshold.cost, threshold.left
        );
    }
    for rule in &suggestions.doubtful_rules {
        text +=
            &format!("\n规则 {} 派出 {} 件，退回 {} 件，请复查\n", rule.rule, rule.tickets, rule.returned);
    }
    for rule in &suggestions.new_rules {
        text += &format!(
            "\n可加规则（支持 {} 件，反例 {} 件）\n{}",
            rule.support, rule.counter_examples, rule.toml
        );
    }
    text
}
