use paidan::{CharOffsets, PreparedText, SCHEMA, TextMasker, Ticket, TicketReader};
use serde::Serialize;

use super::ending;
use crate::Ending;
use crate::args::{Machine, MaskArgs};
use crate::failure::Failure;
use crate::output::{ErrorLine, Output};
use crate::progress::ReadingBar;

/// One object a line; the title's fields only where there is a title.
#[derive(Serialize)]
struct MaskLine<'a> {
    schema: u32,
    id: &'a str,
    text: &'a str,
    spans: Vec<SpanObject>,
    #[serde(skip_serializing_if = "Option::is_none")]
    title: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    title_spans: Option<Vec<SpanObject>>,
}

/// Code points of the original, half-open.
#[derive(Serialize)]
struct SpanObject {
    start: usize,
    end: usize,
    kind: &'static str,
}

pub(crate) fn mask(args: &MaskArgs, machine: &Machine) -> Result<Ending, Failure> {
    machine.threads()?;
    let reader = match &args.tickets.input.text {
        Some(_) => None,
        None => Some(args.tickets.columns.reader(&args.tickets.input.files)?),
    };
    let masker = TextMasker::default();
    let mut output = Output::open(&args.tickets.out, &args.tickets.input.files)?;
    if output.is_csv() {
        output.text("\u{feff}")?;
        output.csv_record(&["id", "text", "spans", "title", "title_spans", "error"])?;
    }
    if let Some(text) = &args.tickets.input.text {
        write(&masker, &Ticket::new(text).with_id("1"), &mut output)?;
    }
    let failed = match reader {
        Some(reader) => mask_rows(reader, &masker, &mut output)?,
        None => 0,
    };
    output.finish()?;
    Ok(ending(failed))
}

/// Writes all rows of `reader` and counts those that failed.
fn mask_rows(mut reader: TicketReader, masker: &TextMasker, output: &mut Output) -> Result<usize, Failure> {
    let bar = ReadingBar::new(&reader);
    let mut failed = 0;
    while let Some(row) = reader.next() {
        match row {
            Ok(row) => write(masker, &row.ticket, output)?,
            Err(error) => {
                failed += 1;
                let error = ErrorLine::from(&error);
                match output.is_csv() {
                    true => output.csv_record(&[error.id(), "", "", "", "", error.message()])?,
                    false => output.json_line(&error)?,
                }
            }
        }
        bar.update(&reader);
    }
    bar.finish(&reader);
    Ok(failed)
}

fn write(masker: &TextMasker, ticket: &Ticket, output: &mut Output) -> Result<(), Failure> {
    let text = masker.mask(&ticket.text);
    let title = (!ticket.title.is_empty()).then(|| masker.mask(&ticket.title));
    let spans_of_text = spans(&text, &ticket.text);
    let spans_of_title = title.as_ref().map(|title| spans(title, &ticket.title));
    let title = title.as_ref().map(PreparedText::masked);
    if output.is_csv() {
        let shown = |spans: &[SpanObject]| {
            let shown = spans.iter().map(|span| format!("{}-{} {}", span.start, span.end, span.kind));
            shown.collect::<Vec<_>>().join("; ")
        };
        let of_title = spans_of_title.as_deref().map(shown).unwrap_or_default();
        let fields =
            [&ticket.id, text.masked(), &shown(&spans_of_text), title.unwrap_or_default(), &of_title, ""];
        return output.csv_record(&fields);
    }
    output.json_line(&MaskLine {
        schema: SCHEMA,
        id: &ticket.id,
        text: text.masked(),
        spans: spans_of_text,
        title,
        title_spans: spans_of_title,
    })
}

fn spans(masked: &PreparedText, original: &str) -> Vec<SpanObject> {
    let mut offsets = CharOffsets::new(original);
    let object = |span: &paidan::PiiSpan| {
        let range = offsets.char_range(span.range.clone());
        SpanObject { start: range.start, end: range.end, kind: span.kind.name() }
    };
    masked.pii().iter().map(object).collect()
}
