//! Many tickets in columns, read a portion at a time, so that memory holds columns and not objects.

use std::sync::Arc;

use arrow_array::builder::StringBuilder;
use arrow_array::{ArrayRef, RecordBatch};
use arrow_schema::{DataType, Field, SchemaRef};
use paidan::{Error, Observer, Progress, Ticket};
use pyo3::prelude::*;

use crate::arrow::{Frame, RowColumns, Table, schema};
use crate::detached::watched;

/// Rows read at once.
const PORTION: usize = 4096;
/// A batch of the result ends when it has so many rows or bytes of text were read for it.
const BATCH_ROWS: usize = 1 << 16;
const BATCH_BYTES: usize = 256 << 20;

/// What is wrong with a row in which nothing is written.
const BLANK: &str = "expected a title or a text, both are blank";

/// Reads all rows of `frame` by `many` into a table: the ids that came with them, `columns`, and `error`.
pub(crate) fn read_columns<C: RowColumns + Send>(
    py: Python<'_>,
    frame: &Frame,
    progress: Option<&Bound<'_, PyAny>>,
    mut columns: C,
    many: impl Fn(&[Ticket], &dyn Observer) -> Result<Vec<Result<C::Row, Error>>, Error> + Sync,
) -> PyResult<Table> {
    let mut fields = columns.fields();
    if let Some((name, chunks)) = &frame.id {
        let kind = chunks.first().map_or(DataType::Null, |chunk| chunk.data_type().clone());
        fields.insert(0, Field::new(name, kind, true));
    }
    fields.push(Field::new("error", DataType::Utf8, true));
    let schema = schema(fields);
    let rows = frame.rows();
    let batches = watched(py, progress, |signals| {
        let mut batches: Vec<PyResult<RecordBatch>> = Vec::new();
        let mut errors = StringBuilder::new();
        let (mut first, mut row, mut bytes) = (0, 0, 0_usize);
        while row < rows {
            let end = rows.min(row + PORTION);
            let mut tickets = Vec::with_capacity(end - row);
            let mut is_readable = Vec::with_capacity(end - row);
            for ticket in (row..end).map(|row| frame.ticket(row)) {
                is_readable.push(ticket.is_some());
                tickets.extend(ticket);
            }
            bytes += tickets.iter().map(|ticket| ticket.title.len() + ticket.text.len()).sum::<usize>();
            let watch = |progress: Progress| {
                let done = row + progress.done;
                signals.on_progress(Progress { done, total: Some(rows), ..progress })
            };
            let mut results = many(&tickets, &watch)?.into_iter();
            for is_readable in is_readable {
                match is_readable.then(|| results.next()).flatten() {
                    Some(Ok(result)) => {
                        columns.push(Some(&result));
                        errors.append_null();
                    }
                    Some(Err(error)) => {
                        columns.push(None);
                        errors.append_value(error.to_string());
                    }
                    None => {
                        columns.push(None);
                        errors.append_value(BLANK);
                    }
                }
            }
            row = end;
            if row - first >= BATCH_ROWS || bytes >= BATCH_BYTES || row == rows {
                batches.push(batch(&schema, frame, first..row, &mut columns, &mut errors));
                (first, bytes) = (row, 0);
            }
        }
        Ok(batches)
    })?;
    Ok(Table::new(schema, batches.into_iter().collect::<PyResult<_>>()?))
}

fn batch<C: RowColumns>(
    schema: &SchemaRef,
    frame: &Frame,
    rows: std::ops::Range<usize>,
    columns: &mut C,
    errors: &mut StringBuilder,
) -> PyResult<RecordBatch> {
    let mut arrays: Vec<ArrayRef> = Vec::new();
    if let Some((_, chunks)) = &frame.id {
        arrays.push(Table::rows(chunks, rows.start, rows.end)?);
    }
    arrays.extend(columns.finish());
    arrays.push(Arc::new(errors.finish()));
    Table::batch(schema, arrays)
}
