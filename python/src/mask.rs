use paidan::{CharOffsets, Observer, TextMasker, Ticket};
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyList};

use crate::arrow::{Frame, FrameNames, MaskedRow, SpanColumns, is_columnar};
use crate::columns::read_columns;
use crate::detached::detached;
use crate::engine::in_steps;
use crate::error::python_error;
use crate::input::{Input, items, read_text};

/// Masks the personal data in a text, or in many.
///
/// Parameters
/// ----------
/// text : str, list or tuple of str, or column of texts
///     Any texts, of any length. A column is a NumPy array, a pandas or Polars Series, or an Arrow array.
///
/// Returns
/// -------
/// dict, list of dict, or Table
///     ``text``, the masked text (normalised: full-width letters and digits become plain ones), and ``spans``, a list of
///     ``{"start", "end", "kind"}``: half-open, in code points of the original, so that
///     ``original[start:end]`` is what was masked. For a column a :class:`Table` with these two; null stays
///     null.
///
/// Raises
/// ------
/// DataError
///     Not a str, or one with a lone surrogate.
///
/// Examples
/// --------
/// >>> import paidan
/// >>> masked = paidan.mask("😀楼上漏水，请打１３８００００１２３４")
/// >>> masked["text"]
/// '楼上漏水，请打⟦phone⟧'
/// >>> masked["spans"]
/// [{'start': 8, 'end': 19, 'kind': 'phone'}]
/// >>> [masked["text"] for masked in paidan.mask(["路灯不亮", "请打13800001234"])]
/// ['路灯不亮', '请打⟦phone⟧']
#[pyfunction]
pub(crate) fn mask<'py>(text: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
    let py = text.py();
    if let Some(items) = items(text) {
        let read = |(index, item): (usize, Bound<'_, PyAny>)| read_text(&item, "the text", Some(index));
        let texts: Vec<String> = items.into_iter().enumerate().map(read).collect::<PyResult<_>>()?;
        let masked = detached(py, |signals| in_steps(&texts, signals, |text| Ok(masked(text))))?;
        let list = PyList::empty(py);
        for row in masked {
            list.append(shown(py, &row.map_err(|error| python_error(py, &error))?)?)?;
        }
        return Ok(list.into_any());
    }
    if !Input::is_objects(text) && is_columnar(text)? {
        let frame = Frame::read(text, FrameNames::default())?;
        let many = |tickets: &[Ticket], observer: &dyn Observer| {
            in_steps(tickets, observer, |ticket| Ok(masked(&ticket.text)))
        };
        let table = read_columns(py, &frame, None, SpanColumns::default(), many)?;
        return Ok(Bound::new(py, table)?.into_any());
    }
    let original = read_text(text, "the text", None)?;
    let row = detached(py, |_| Ok(masked(&original)))?;
    Ok(shown(py, &row)?.into_any())
}

fn masked(original: &str) -> MaskedRow {
    let masked = TextMasker::default().mask(original);
    let mut offsets = CharOffsets::new(original);
    let spans = masked.pii().iter().map(|pii| {
        let range = offsets.char_range(pii.range.clone());
        (range.start, range.end, pii.kind.name())
    });
    MaskedRow { spans: spans.collect(), text: masked.masked().to_owned() }
}

fn shown<'py>(py: Python<'py>, row: &MaskedRow) -> PyResult<Bound<'py, PyDict>> {
    let spans = PyList::empty(py);
    for (start, end, kind) in &row.spans {
        let span = PyDict::new(py);
        span.set_item("start", start)?;
        span.set_item("end", end)?;
        span.set_item("kind", kind)?;
        spans.append(span)?;
    }
    let result = PyDict::new(py);
    result.set_item("text", &row.text)?;
    result.set_item("spans", spans)?;
    Ok(result)
}
