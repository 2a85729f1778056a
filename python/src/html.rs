//! A decision as a notebook shows it. Labels and words are foreign text: all of it is escaped.

use std::fmt::Write;

use arrow_array::{Array, RecordBatch};
use arrow_cast::display::{ArrayFormatter, FormatOptions};
use arrow_schema::Schema;
use paidan::{Decision, Evidence, Prediction, task_in_chinese};

/// The most words shown a task.
const WORDS: usize = 4;
/// A paragraph with outcome and reasons, and a table with one row a task.
pub(crate) fn decision(decision: &Decision) -> String {
    let outcome = decision.outcome.in_chinese();
    let reasons: Vec<String> =
        decision.explanation.reasons.iter().map(|reason| escape(&reason.message)).collect();
    let mut html = format!(
        "<div class=\"paidan-decision\"><p><strong>{outcome}</strong> {}</p>\
         <table><thead><tr><th>任务</th><th>结果</th><th>概率</th><th>其他候选</th><th>依据</th></tr></thead><tbody>",
        reasons.join("；")
    );
    for prediction in &decision.predictions {
        let evidence = decision.explanation.evidence.iter().find(|evidence| evidence.task == prediction.task);
        // Writing to a String does not fail.
        let _ = write!(
            html,
            "<tr><td>{}</td><td><strong>{}</strong></td><td>{:.3}</td><td>{}</td><td>{}</td></tr>",
            escape(task_in_chinese(&prediction.task)),
            escape(prediction.shown()),
            prediction.probability,
            escape(&alternatives(prediction)),
            escape(&evidence.map(words).unwrap_or_default())
        );
    }
    html + "</tbody></table></div>"
}

fn alternatives(prediction: &Prediction) -> String {
    let shown = prediction.runners_up().map(|(label, probability)| format!("{label} {probability:.3}"));
    shown.collect::<Vec<_>>().join(" · ")
}

fn words(evidence: &Evidence) -> String {
    let words: Vec<&str> = evidence.supporting.iter().take(WORDS).map(|word| word.word.as_str()).collect();
    words.join("、")
}

/// The most rows of a table shown.
const ROWS: usize = 10;

/// The first rows of a table, without its lists.
pub(crate) fn table(schema: &Schema, batches: &[RecordBatch], rows: usize) -> String {
    let places: Vec<usize> =
        (0..schema.fields().len()).filter(|place| !schema.field(*place).data_type().is_nested()).collect();
    let mut html = String::from("<div class=\"paidan-table\"><table><thead><tr>");
    for place in &places {
        let _ = write!(html, "<th>{}</th>", escape(schema.field(*place).name()));
    }
    html += "</tr></thead><tbody>";
    if let Some(batch) = batches.first() {
        let options = FormatOptions::default();
        for row in 0..batch.num_rows().min(ROWS) {
            html += "<tr>";
            for place in &places {
                let column = batch.column(*place);
                let shown = ArrayFormatter::try_new(column, &options);
                let shown = shown.map(|column| column.value(row).to_string()).unwrap_or_default();
                let shown = if column.is_null(row) { "–".to_owned() } else { shown };
                let _ = write!(html, "<td>{}</td>", escape(&shown));
            }
            html += "</tr>";
        }
    }
    let _ = write!(html, "</tbody></table><p>{rows} 行</p></div>");
    html
}

fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            other => escaped.push(other),
        }
    }
    escaped
}
