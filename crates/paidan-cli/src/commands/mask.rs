use paidan::{CharOffsets, PreparedText, SCHEMA, TextMasker, Ticket};
use serde::Serialize;

use super::ending;
use crate::Ending;
use crate::args::MaskArgs;
use crate::failure::Failure;
use crate::output::{ErrorLine, Output};

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

pub(crate) fn mask(args: &MaskArgs) -> Result<Ending, Failure> {
    let masker = TextMasker::default();
    let mut failed = 0;
    match &args.input.text {
        Some(text) => {
            let mut output = Output::open(&args.out, &[])?;
            write(&masker, &Ticket::new(text).with_id("1"), &mut output)?;
            output.finish()?;
        }
        None => {
            let reader = args.columns.reader(&args.input.files)?;
            let mut output = Output::open(&args.out, &args.input.files)?;
            for row in reader {
                match row {
                    Ok(row) => write(&masker, &row.ticket, &mut output)?,
                    Err(error) => {
                        failed += 1;
                        output.json_line(&ErrorLine::from(&error))?;
                    }
                }
            }
            output.finish()?;
        }
    }
    Ok(ending(failed))
}

fn write(masker: &TextMasker, ticket: &Ticket, output: &mut Output) -> Result<(), Failure> {
    let text = masker.mask(&ticket.text);
    let title = (!ticket.title.is_empty()).then(|| masker.mask(&ticket.title));
    output.json_line(&MaskLine {
        schema: SCHEMA,
        id: &ticket.id,
        text: text.masked(),
        spans: spans(&text, &ticket.text),
        title: title.as_ref().map(PreparedText::masked),
        title_spans: title.as_ref().map(|title| spans(title, &ticket.title)),
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
