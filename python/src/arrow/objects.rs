use arrow_array::builder::LargeStringBuilder;
use pyo3::prelude::*;
use pyo3::types::PyList;

use super::TextColumn;
use crate::error::cell_error;
use crate::input::{is_missing, read_text, type_name};

/// Reads a sequence of str; None, NaN and the missing values of pandas are null.
///
/// `column` says in an error where the rows stand.
pub(crate) fn text_column(items: &Bound<'_, PyList>, column: Option<&str>) -> PyResult<TextColumn> {
    let mut builder = LargeStringBuilder::with_capacity(items.len(), 0);
    for (row, item) in items.iter().enumerate() {
        match item.cast::<pyo3::types::PyString>() {
            Ok(text) => match text.to_str() {
                Ok(text) => builder.append_value(text),
                // Says where, and leaves out the cause, which would quote the text.
                Err(_) => {
                    let problem = "expected Unicode, found a lone surrogate".to_owned();
                    return Err(cell_error(items.py(), problem, row, column));
                }
            },
            Err(_) if is_missing(&item)? => builder.append_null(),
            Err(_) => {
                let problem = format!("expected a str, got {}", type_name(&item));
                return Err(cell_error(items.py(), problem, row, column));
            }
        }
    }
    Ok(TextColumn::gathered(builder.finish()))
}

/// Reads labels: as [`text_column`], and numbers and booleans by how Python writes them.
pub(crate) fn label_column(items: &Bound<'_, PyList>, column: Option<&str>) -> PyResult<TextColumn> {
    let mut builder = LargeStringBuilder::with_capacity(items.len(), 0);
    for (row, item) in items.iter().enumerate() {
        if is_missing(&item)? {
            builder.append_null();
        } else if item.is_instance_of::<pyo3::types::PyString>() {
            builder.append_value(read_text(&item, "every label", Some(row))?);
        } else if item.is_instance_of::<pyo3::types::PyInt>() || item.is_instance_of::<pyo3::types::PyFloat>()
        {
            builder.append_value(item.str()?.to_str()?);
        } else {
            let problem = format!("expected a label as str or number, got {}", type_name(&item));
            return Err(cell_error(items.py(), problem, row, column));
        }
    }
    Ok(TextColumn::gathered(builder.finish()))
}
