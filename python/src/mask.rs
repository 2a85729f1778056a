use paidan::{CharOffsets, TextMasker};
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyList};

use crate::detached::detached;
use crate::input::read_text;

/// Masks the personal data in a text.
///
/// Parameters
/// ----------
/// text : str
///     Any text, of any length.
///
/// Returns
/// -------
/// dict
///     ``text``, the masked text (normalised: full-width letters and digits become plain ones), and ``spans``, a list of
///     ``{"start", "end", "kind"}``: half-open, in code points of the original, so that
///     ``original[start:end]`` is what was masked.
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
#[pyfunction]
pub(crate) fn mask<'py>(text: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyDict>> {
    let py = text.py();
    let original = read_text(text, "the text", None)?;
    let masked = detached(py, |_| Ok(TextMasker::default().mask(&original)))?;
    let mut offsets = CharOffsets::new(&original);
    let spans = PyList::empty(py);
    for pii in masked.pii() {
        let range = offsets.char_range(pii.range.clone());
        let span = PyDict::new(py);
        span.set_item("start", range.start)?;
        span.set_item("end", range.end)?;
        span.set_item("kind", pii.kind.name())?;
        spans.append(span)?;
    }
    let result = PyDict::new(py);
    result.set_item("text", masked.masked())?;
    result.set_item("spans", spans)?;
    Ok(result)
}
