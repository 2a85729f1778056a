use arrow_array::ArrayRef;
use arrow_array::cast::AsArray;
use arrow_schema::DataType;
use paidan::Ticket;
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::{PyList, PyTuple};
use pyo3_arrow::PyChunkedArray;
use pyo3_arrow::input::AnyArray;

use super::TextColumn;
use super::objects::{label_column, text_column};
use crate::error::{SettingError, column_error, data_error};
use crate::input::type_name;

/// Which columns of a table make a ticket; `None` means the one called like the field, where there is one.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct FrameNames<'a> {
    pub(crate) text: Option<&'a str>,
    pub(crate) title: Option<&'a str>,
    pub(crate) id: Option<&'a str>,
}

/// Tickets as columns.
pub(crate) struct Frame {
    rows: usize,
    text: Option<TextColumn>,
    title: Option<TextColumn>,
    /// The column of ids as it came, to be handed back.
    pub(crate) id: Option<(String, Vec<ArrayRef>)>,
}

/// Whether `given` holds its tickets in columns.
pub(crate) fn is_columnar(given: &Bound<'_, PyAny>) -> PyResult<bool> {
    let py = given.py();
    Ok(given.hasattr(intern!(py, "__arrow_c_array__"))?
        || given.hasattr(intern!(py, "__arrow_c_stream__"))?
        || Kind::of(given)? != Kind::Arrow
        // Refused with a remedy where columns are read.
        || type_name(given) == "LazyFrame")
}

/// What must be read in its own way.
#[derive(Clone, Copy, PartialEq)]
enum Kind {
    /// Anything with the Arrow interface.
    Arrow,
    PandasSeries,
    PandasFrame,
    Numpy,
    List,
}

impl Kind {
    fn of(given: &Bound<'_, PyAny>) -> PyResult<Self> {
        if given.is_instance_of::<PyList>() || given.is_instance_of::<PyTuple>() {
            return Ok(Self::List);
        }
        let class = given.get_type();
        let (module, name) = (class.module()?, class.name()?);
        Ok(match (module.to_str()?, name.to_str()?) {
            ("numpy", "ndarray") => Self::Numpy,
            (module, "Series" | "Index") if is_pandas(module) => Self::PandasSeries,
            (module, "DataFrame") if is_pandas(module) => Self::PandasFrame,
            _ => Self::Arrow,
        })
    }
}

fn is_pandas(module: &str) -> bool {
    module == "pandas" || module.starts_with("pandas.")
}

impl FrameNames<'_> {
    /// Refuses names where there is no table they could belong to.
    pub(crate) fn refuse(&self) -> PyResult<()> {
        if self.text.is_some() || self.title.is_some() || self.id.is_some() {
            let problem =
                "expected a table where `text`, `title` or `id` name a column, got texts or tickets";
            return Err(SettingError::new_err(problem));
        }
        Ok(())
    }
}

/// What was handed over: one column of texts, or a table to choose columns from.
pub(crate) enum Given<'py> {
    Texts(TextColumn),
    Table(Columns<'py>),
}

impl<'py> Given<'py> {
    pub(crate) fn read(given: &Bound<'py, PyAny>) -> PyResult<Self> {
        match Kind::of(given)? {
            Kind::PandasFrame => Ok(Self::Table(Columns::Pandas(given.clone()))),
            Kind::Arrow => {
                let arrays = arrow_chunks(given)?;
                if is_table(&arrays.kind) {
                    return Ok(Self::Table(Columns::Arrow(arrays)));
                }
                Ok(Self::Texts(arrays.text(given.py(), None)?))
            }
            _ => Ok(Self::Texts(column_of_texts(given, None)?)),
        }
    }

    /// The tickets, of the columns that `names` tells.
    pub(crate) fn frame(self, py: Python<'_>, names: FrameNames<'_>) -> PyResult<Frame> {
        match self {
            Self::Texts(text) => {
                names.refuse()?;
                Ok(Frame { rows: text.len(), text: Some(text), title: None, id: None })
            }
            Self::Table(columns) => columns.frame(py, names),
        }
    }

    /// The column of labels, weights or origins `name`.
    pub(crate) fn labels(&self, py: Python<'_>, name: &str) -> PyResult<TextColumn> {
        match self {
            Self::Texts(_) => {
                Err(column_error(py, format!("{}, found texts only", missing(name)), Some(name)))
            }
            Self::Table(columns) => columns.labels(py, name),
        }
    }
}

impl Frame {
    /// Reads a column of texts, or a table with a column of texts, of titles, or both.
    pub(crate) fn read(given: &Bound<'_, PyAny>, names: FrameNames<'_>) -> PyResult<Self> {
        Given::read(given)?.frame(given.py(), names)
    }

    /// How many rows.
    pub(crate) fn rows(&self) -> usize {
        self.rows
    }

    /// A row as a ticket; `None` where there is nothing to read.
    pub(crate) fn ticket(&self, row: usize) -> Option<Ticket> {
        let blank = |field: Option<&str>| field.is_none_or(|field| field.trim().is_empty());
        let text = self.text.as_ref().and_then(|column| column.get(row));
        let title = self.title.as_ref().and_then(|column| column.get(row));
        if blank(text) && blank(title) {
            return None;
        }
        let owned = |field: Option<&str>| field.unwrap_or_default().to_owned();
        let id = (row + 1).to_string();
        Some(Ticket { id, title: owned(title), text: owned(text), ..Ticket::default() })
    }
}

/// Reads a column of texts: an array, a list, a Series, or anything with the Arrow interface.
pub(crate) fn column_of_texts(given: &Bound<'_, PyAny>, name: Option<&str>) -> PyResult<TextColumn> {
    column(given, name, text_column)
}

/// Reads a column of labels, which may also be numbers.
pub(crate) fn column_of_labels(given: &Bound<'_, PyAny>, name: Option<&str>) -> PyResult<TextColumn> {
    column(given, name, label_column)
}

fn column(
    given: &Bound<'_, PyAny>,
    name: Option<&str>,
    of_objects: fn(&Bound<'_, PyList>, Option<&str>) -> PyResult<TextColumn>,
) -> PyResult<TextColumn> {
    let py = given.py();
    match Kind::of(given)? {
        Kind::List => of_objects(&PyList::new(py, given.try_iter()?.collect::<PyResult<Vec<_>>>()?)?, name),
        Kind::Numpy => of_objects(&numpy_items(given, name)?, name),
        Kind::PandasSeries => {
            if let Some(arrays) = pandas_chunks(given)? {
                return match TextColumn::new(&arrays.chunks) {
                    Ok(text) => Ok(text),
                    Err(_) => of_objects(&pandas_items(given)?, name),
                };
            }
            of_objects(&pandas_items(given)?, name)
        }
        Kind::PandasFrame => {
            let problem = "expected one column, got a pandas DataFrame: choose a column of it".to_owned();
            Err(data_error(py, problem, None))
        }
        Kind::Arrow => {
            let arrays = arrow_chunks(given)?;
            match TextColumn::new(&arrays.chunks) {
                Ok(text) => Ok(text),
                // Numbers as labels: Python writes them.
                Err(_) if given.hasattr("to_list")? => {
                    of_objects(&given.call_method0("to_list")?.cast_into::<PyList>()?, name)
                }
                Err(_) if given.hasattr("to_pylist")? => {
                    of_objects(&given.call_method0("to_pylist")?.cast_into::<PyList>()?, name)
                }
                Err(problem) => Err(column_error(py, problem, name)),
            }
        }
    }
}

/// Where columns are looked up by name.
pub(crate) enum Columns<'py> {
    Arrow(Chunks),
    Pandas(Bound<'py, PyAny>),
}

impl Columns<'_> {
    fn frame(&self, py: Python<'_>, names: FrameNames<'_>) -> PyResult<Frame> {
        let found = self.names(py)?;
        let chosen = |named: Option<&str>, usual: &str| match named {
            Some(name) => self.require(py, name).map(|()| Some(name.to_owned())),
            None => Ok(found.iter().find(|column| *column == usual).cloned()),
        };
        let (text, title) = (chosen(names.text, "text")?, chosen(names.title, "title")?);
        let id = chosen(names.id, "id")?;
        if text.is_none() && title.is_none() {
            let problem =
                format!("expected a column `text` or `title`, found {}: name one with text=", all(&found));
            return Err(column_error(py, problem, None));
        }
        let read = |name: Option<String>| name.map(|name| self.text(py, &name)).transpose();
        let (text, title) = (read(text)?, read(title)?);
        let rows = text.iter().chain(&title).map(TextColumn::len).max().unwrap_or_default();
        let id = id.map(|name| Ok::<_, PyErr>((name.clone(), self.any(py, &name)?))).transpose()?;
        Ok(Frame { rows, text, title, id })
    }

    fn require(&self, py: Python<'_>, name: &str) -> PyResult<()> {
        let found = self.names(py)?;
        if found.iter().any(|column| column == name) {
            return Ok(());
        }
        Err(column_error(py, format!("{}, found {}", missing(name), all(&found)), Some(name)))
    }

    fn labels(&self, py: Python<'_>, name: &str) -> PyResult<TextColumn> {
        self.require(py, name)?;
        match self {
            Self::Arrow(table) => {
                let column = table.column(py, name)?;
                TextColumn::new(&column.chunks).or_else(|_| {
                    // Numbers as labels: Python writes them.
                    let array = PyChunkedArray::from_array_refs(column.chunks)?.into_pyarrow(py)?;
                    label_column(&array.call_method0("to_pylist")?.cast_into::<PyList>()?, Some(name))
                })
            }
            Self::Pandas(frame) => column_of_labels(&frame.get_item(name)?, Some(name)),
        }
    }

    fn names(&self, py: Python<'_>) -> PyResult<Vec<String>> {
        match self {
            Self::Arrow(table) => Ok(table.fields()),
            Self::Pandas(frame) => {
                let mut names = Vec::new();
                for name in frame.getattr(intern!(py, "columns"))?.try_iter()? {
                    // Columns that are not named by a str cannot be asked for.
                    if let Ok(name) = name?.extract::<String>() {
                        names.push(name);
                    }
                }
                Ok(names)
            }
        }
    }

    fn text(&self, py: Python<'_>, name: &str) -> PyResult<TextColumn> {
        match self {
            Self::Arrow(table) => table.column(py, name)?.text(py, Some(name)),
            Self::Pandas(frame) => column_of_texts(&frame.get_item(name)?, Some(name)),
        }
    }

    /// A column of any type.
    fn any(&self, py: Python<'_>, name: &str) -> PyResult<Vec<ArrayRef>> {
        match self {
            Self::Arrow(table) => Ok(table.column(py, name)?.chunks),
            Self::Pandas(frame) => {
                let series = frame.get_item(name)?;
                match pandas_chunks(&series)? {
                    Some(arrays) => Ok(arrays.chunks),
                    // Mixed objects: as Python writes them.
                    None => label_column(&pandas_items(&series)?, Some(name))
                        .map(|column| vec![column.to_array()]),
                }
            }
        }
    }
}

/// Chunks of one Arrow array; a table is an array of structs.
pub(crate) struct Chunks {
    kind: DataType,
    chunks: Vec<ArrayRef>,
}

impl Chunks {
    fn fields(&self) -> Vec<String> {
        match &self.kind {
            DataType::Struct(fields) => fields.iter().map(|field| field.name().clone()).collect(),
            _ => Vec::new(),
        }
    }

    fn column(&self, py: Python<'_>, name: &str) -> PyResult<Self> {
        let DataType::Struct(fields) = &self.kind else {
            return Err(column_error(py, missing(name), Some(name)));
        };
        let mut places = fields.iter().enumerate().filter(|(_, field)| field.name() == name);
        let (Some((place, field)), None) = (places.next(), places.next()) else {
            let problem = format!("expected one column {}, found several", shown(name));
            return Err(column_error(py, problem, Some(name)));
        };
        let kind = field.data_type().clone();
        let chunks = self.chunks.iter().map(|chunk| chunk.as_struct().column(place).clone()).collect();
        Ok(Self { kind, chunks })
    }

    fn text(&self, py: Python<'_>, name: Option<&str>) -> PyResult<TextColumn> {
        // A column without chunks has a type as well.
        let empty = [arrow_array::new_empty_array(&self.kind)];
        let chunks = if self.chunks.is_empty() { &empty } else { self.chunks.as_slice() };
        TextColumn::new(chunks).map_err(|problem| column_error(py, problem, name))
    }
}

fn is_table(kind: &DataType) -> bool {
    matches!(kind, DataType::Struct(_))
}

/// Everything behind the Arrow interface of `given`, without copies.
fn arrow_chunks(given: &Bound<'_, PyAny>) -> PyResult<Chunks> {
    let py = given.py();
    if !given.hasattr(intern!(py, "__arrow_c_array__"))?
        && !given.hasattr(intern!(py, "__arrow_c_stream__"))?
    {
        let remedy = if given.hasattr("collect")? { ": call collect() on it" } else { "" };
        let problem = format!(
            "expected a list, a NumPy array, a pandas or Polars Series or DataFrame, or an Arrow array or table, \
             got {}{remedy}",
            type_name(given)
        );
        return Err(data_error(py, problem, None));
    }
    let reader = given.extract::<AnyArray>()?.into_reader()?;
    let kind = reader.field().data_type().clone();
    let mut chunks = Vec::new();
    for chunk in reader {
        // The producer's own words could quote what it holds.
        let failed =
            |_| data_error(py, format!("the Arrow stream failed after {} chunks", chunks.len()), None);
        chunks.push(chunk.map_err(failed)?);
    }
    Ok(Chunks { kind, chunks })
}

/// The Arrow chunks of a pandas Series; `None` where it holds Python objects or pandas has no Arrow.
fn pandas_chunks(series: &Bound<'_, PyAny>) -> PyResult<Option<Chunks>> {
    let py = series.py();
    let dtype = series.getattr(intern!(py, "dtype"))?;
    let is_object = dtype.str()?.to_str()? == "object";
    if is_object || !series.hasattr(intern!(py, "__arrow_c_stream__"))? {
        return Ok(None);
    }
    match arrow_chunks(series) {
        Ok(chunks) => Ok(Some(chunks)),
        Err(error) if error.is_instance_of::<pyo3::exceptions::PyImportError>(py) => Ok(None),
        Err(error) => Err(error),
    }
}

fn pandas_items<'py>(series: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyList>> {
    Ok(series.call_method0(intern!(series.py(), "tolist"))?.cast_into::<PyList>()?)
}

/// The items of a one-dimensional NumPy array of str or objects, or of numbers, as Python objects.
fn numpy_items<'py>(array: &Bound<'py, PyAny>, name: Option<&str>) -> PyResult<Bound<'py, PyList>> {
    let py = array.py();
    let dimensions: usize = array.getattr(intern!(py, "ndim"))?.extract()?;
    if dimensions != 1 {
        let problem = format!("expected an array of one dimension, got {dimensions}");
        return Err(column_error(py, problem, name));
    }
    Ok(array.call_method0(intern!(py, "tolist"))?.cast_into::<PyList>()?)
}

fn missing(name: &str) -> String {
    format!("expected a column {}", shown(name))
}

/// The most characters of a column's name in a message: what is longer may be a complaint in the header.
const NAME_CHARS: usize = 20;

fn shown(name: &str) -> String {
    let count = name.chars().count();
    if count > NAME_CHARS { format!("of {count} characters") } else { format!("`{name}`") }
}

fn all(names: &[String]) -> String {
    const MOST: usize = 12;
    let mut list: Vec<String> = names.iter().take(MOST).map(|name| shown(name)).collect();
    if names.is_empty() {
        return "none".to_owned();
    }
    if names.len() > MOST {
        list.push(format!("and {} more", names.len() - MOST));
    }
    list.join(", ")
}
