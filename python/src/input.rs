//! What Python hands over, read into tickets. All that is wrong with it is a `DataError`.

use paidan::Ticket;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyFloat, PyInt, PyList, PyString, PyTuple};

use crate::error::data_error;
use crate::ticket::Ticket as TicketObject;

/// What a call is about.
pub(crate) enum Input {
    /// One ticket was given, one result is wanted.
    One(Box<Ticket>),
    /// A list was given, a list is wanted.
    Many(Vec<Ticket>),
}

/// The items of a list or a tuple; `None` where it is neither.
pub(crate) fn items<'py>(given: &Bound<'py, PyAny>) -> Option<Vec<Bound<'py, PyAny>>> {
    if let Ok(list) = given.cast::<PyList>() {
        Some(list.iter().collect())
    } else if let Ok(tuple) = given.cast::<PyTuple>() {
        Some(tuple.iter().collect())
    } else {
        None
    }
}

impl Input {
    /// Whether `given` is a ticket, or a list or tuple of tickets.
    pub(crate) fn is_objects(given: &Bound<'_, PyAny>) -> bool {
        given.is_instance_of::<PyString>()
            || given.is_instance_of::<PyList>()
            || given.is_instance_of::<PyTuple>()
            || given.is_instance_of::<PyDict>()
            || given.is_instance_of::<TicketObject>()
    }

    /// Reads a str, a `Ticket`, a dict, or a list or tuple of them.
    pub(crate) fn read(given: &Bound<'_, PyAny>) -> PyResult<Self> {
        let many = |items: &mut dyn Iterator<Item = Bound<'_, PyAny>>| {
            let tickets = items.enumerate().map(|(index, item)| read_ticket(&item, Some(index)));
            Ok(Self::Many(tickets.collect::<PyResult<_>>()?))
        };
        if let Ok(list) = given.cast::<PyList>() {
            many(&mut list.iter())
        } else if let Ok(tuple) = given.cast::<PyTuple>() {
            many(&mut tuple.iter())
        } else {
            Ok(Self::One(Box::new(read_ticket(given, None)?)))
        }
    }
}

/// Reads one ticket; one without an id is named by its 1-based place, as the command does.
fn read_ticket(given: &Bound<'_, PyAny>, index: Option<usize>) -> PyResult<Ticket> {
    let mut ticket = if given.is_instance_of::<PyString>() {
        Ticket::new(read_text(given, "the text", index)?)
    } else if let Ok(ticket) = given.cast::<TicketObject>() {
        ticket.get().inner.clone()
    } else if let Ok(fields) = given.cast::<PyDict>() {
        read_dict(fields, index)?
    } else {
        let remedy = if index.is_none() { ", or a list of them" } else { "" };
        let problem = format!("expected a str, a Ticket or a dict{remedy}, got {}", type_name(given));
        return Err(data_error(given.py(), problem, index));
    };
    if !ticket.is_readable() {
        let problem = "expected a title or a text, both are blank".to_owned();
        return Err(data_error(given.py(), problem, index));
    }
    if ticket.id.is_empty() {
        ticket.id = (index.unwrap_or(0) + 1).to_string();
    }
    Ok(ticket)
}

/// Reads the keys that are fields of a ticket and leaves all others, as the command does with columns.
fn read_dict(fields: &Bound<'_, PyDict>, index: Option<usize>) -> PyResult<Ticket> {
    let field = |name: &str| match fields.get_item(name)? {
        Some(value) if !is_missing(&value)? => read_text(&value, &format!("`{name}`"), index).map(Some),
        _ => Ok(None),
    };
    if !fields.contains("text")? && !fields.contains("title")? {
        // The keys are not named: where texts stand as keys by mistake they would be shown.
        let problem = format!("expected the key `text` or `title`, got {} other keys", fields.len());
        return Err(data_error(fields.py(), problem, index));
    }
    let id = match fields.get_item("id")? {
        Some(number) if number.is_instance_of::<PyInt>() => Some(number.to_string()),
        _ => field("id")?,
    };
    Ok(Ticket {
        id: id.unwrap_or_default(),
        title: field("title")?.unwrap_or_default(),
        text: field("text")?.unwrap_or_default(),
        requested_at: field("requested_at")?,
        address: field("address")?,
        channel: field("channel")?,
        returns: Vec::new(),
    })
}

/// An argument that must be a str; PyO3's own error for a lone surrogate would quote the text.
#[derive(Default)]
pub(crate) struct Text(pub(crate) String);

impl<'a, 'py> FromPyObject<'a, 'py> for Text {
    type Error = PyErr;

    fn extract(given: Borrowed<'a, 'py, PyAny>) -> PyResult<Self> {
        read_text(&given, "every field", None).map(Self)
    }
}

/// Reads a str; `field` and `index` say in an error where it stood.
pub(crate) fn read_text(given: &Bound<'_, PyAny>, field: &str, index: Option<usize>) -> PyResult<String> {
    let py = given.py();
    let Ok(text) = given.cast::<PyString>() else {
        let problem = format!("expected {field} to be a str, got {}", type_name(given));
        return Err(data_error(py, problem, index));
    };
    // The cause would quote the text, so that it is left out.
    let read = text.to_str().map(str::to_owned);
    read.map_err(|_| data_error(py, format!("expected {field} to be Unicode, found a lone surrogate"), index))
}

/// None, or what pandas marks a missing value by: NaN, `pandas.NA`, `pandas.NaT`.
pub(crate) fn is_missing(value: &Bound<'_, PyAny>) -> PyResult<bool> {
    if value.is_none() || value.cast::<PyFloat>().is_ok_and(|number| number.value().is_nan()) {
        return Ok(true);
    }
    if value.is_instance_of::<PyString>() {
        return Ok(false);
    }
    let name = value.get_type().name()?;
    Ok(matches!(name.to_str()?, "NAType" | "NaTType"))
}

pub(crate) fn type_name(object: &Bound<'_, PyAny>) -> String {
    object.get_type().name().map_or_else(|_| "another object".to_owned(), |name| name.to_string())
}
