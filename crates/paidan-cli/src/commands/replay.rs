use std::collections::HashMap;

use paidan::Ticket;
use serde::Serialize;
use serde_json::Value;

use super::decider::Decider;
use crate::Ending;
use crate::args::{Machine, ReplayArgs};
use crate::failure::Failure;
use crate::output::{Output, say};

/// What `--json` prints.
#[derive(Default, Serialize)]
struct ReplayObject {
    schema: u32,
    same: usize,
    /// Ids and the first key that differs.
    different: Vec<(String, String)>,
    /// Decided by another catalogue or bundle.
    other_snapshot: usize,
    /// Tickets without a decision in the file.
    missing: usize,
    failed_rows: usize,
}

/// Tickets decided at once.
const BATCH: usize = 1024;

pub(crate) fn replay(args: &ReplayArgs, machine: &Machine) -> Result<Ending, Failure> {
    let mut decided = read_decisions(args)?;
    let reader = args.data.reader()?;
    let decider = Decider::new(&args.decider, machine)?;
    let mut found = ReplayObject { schema: paidan::SCHEMA, ..ReplayObject::default() };
    let mut waiting: Vec<Ticket> = Vec::new();
    for row in reader {
        match row {
            Ok(row) => waiting.push(row.ticket),
            Err(error) => {
                say(error);
                found.failed_rows += 1;
            }
        }
        if waiting.len() >= BATCH {
            compare(&decider, &std::mem::take(&mut waiting), &mut decided, &mut found)?;
        }
    }
    compare(&decider, &waiting, &mut decided, &mut found)?;
    let mut output = Output::stdout();
    if args.json {
        output.json_line(&found)?;
    } else {
        let ReplayObject { same, missing, other_snapshot, .. } = &found;
        let different = found.different.len();
        output.text(&format!("一致 {same} 件，不同 {different} 件，其中目录或模型不同 {other_snapshot} 件，缺决定 {missing} 件\n"))?;
        for (id, key) in found.different.iter().take(20) {
            output.text(&format!("  {id}  {key}\n"))?;
        }
    }
    output.finish()?;
    let is_proved = found.different.is_empty() && found.missing == 0;
    match (is_proved, found.failed_rows) {
        (true, 0) => Ok(Ending::Done),
        (true, failed) => Ok(Ending::RowsFailed(failed)),
        (false, _) => Ok(Ending::Noticed),
    }
}

/// Decisions by id, as JSON.
fn read_decisions(args: &ReplayArgs) -> Result<HashMap<String, Value>, Failure> {
    let path = &args.decisions;
    let unreadable = |problem: String| Failure::usage(format!("`{}`: {problem}", path.display()));
    let text = std::fs::read_to_string(path)
        .map_err(|error| unreadable(format!("cannot be read: {}", error.kind())))?;
    let mut decided = HashMap::new();
    for (at, line) in text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
        let wrong =
            || unreadable(format!("line {}: expected a decision as `dispatch --json` writes it", at + 1));
        let value: Value = serde_json::from_str(line).map_err(|_| wrong())?;
        let id = value.get("id").and_then(Value::as_str).ok_or_else(wrong)?.to_owned();
        decided.insert(id, value);
    }
    Ok(decided)
}

fn compare(
    decider: &Decider,
    tickets: &[Ticket],
    decided: &mut HashMap<String, Value>,
    found: &mut ReplayObject,
) -> Result<(), Failure> {
    for (ticket, again) in tickets.iter().zip(decider.dispatch_batch(tickets)?) {
        let (Some(before), Ok(again)) = (decided.remove(&ticket.id), again) else {
            found.missing += 1;
            continue;
        };
        // Through text, as the decision before went: a float is written and read in the same way.
        let text = serde_json::to_string(&again).unwrap_or_default();
        let again: Value = serde_json::from_str(&text).unwrap_or_default();
        match first_difference(&before, &again) {
            None => found.same += 1,
            Some(key) => {
                let is_other = |key| before.get(key) != again.get(key);
                found.other_snapshot += usize::from(is_other("catalogue") || is_other("bundle"));
                found.different.push((ticket.id.clone(), key));
            }
        }
    }
    Ok(())
}

/// The path of the first key with another value.
fn first_difference(before: &Value, after: &Value) -> Option<String> {
    match (before, after) {
        (Value::Object(a), Value::Object(b)) => {
            let keys = a.keys().chain(b.keys().filter(|key| !a.contains_key(*key)));
            keys.into_iter().find_map(|key| match (a.get(key), b.get(key)) {
                (Some(a), Some(b)) => first_difference(a, b)
                    .map(|rest| if rest.is_empty() { key.clone() } else { format!("{key}.{rest}") }),
                _ => Some(key.clone()),
            })
        }
        (a, b) if a == b => None,
        _ => Some(String::new()),
    }
}
