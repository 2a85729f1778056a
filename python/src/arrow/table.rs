use std::sync::Arc;

use arrow_array::{Array, ArrayRef, RecordBatch, StructArray};
use arrow_schema::{Field, Schema, SchemaRef};
use arrow_select::concat::concat;
use pyo3::exceptions::PyKeyError;
use pyo3::prelude::*;
use pyo3::types::{PyCapsule, PyDict, PyTuple};
use pyo3_arrow::PyChunkedArray;
use pyo3_arrow::ffi::{ArrayIterator, to_stream_pycapsule};

use crate::error::{PaidanError, not_picklable};

/// Results of many tickets as Arrow columns, one row a ticket, in the order of the input.
///
/// Anything that reads Arrow takes it without copies: ``pyarrow.table(t)``, ``polars.DataFrame(t)``,
/// ``pandas.DataFrame.from_arrow(t)``, DuckDB. In a notebook it shows its first rows.
///
/// Attributes
/// ----------
/// column_names : tuple of str
///     In order. ``error`` says of each row that could not be read why not; then all others are null.
///
/// Examples
/// --------
/// >>> import paidan
/// >>> import pandas
/// >>> texts = pandas.Series(["夜里工地施工噪音太大，没法休息", None, "路灯不亮"])
/// >>> table = paidan.Engine.load().predict(texts)
/// >>> len(table)
/// 3
/// >>> table.to_pandas()["type"].isna().tolist()
/// [False, True, False]
#[pyclass(frozen, module = "paidan")]
pub(crate) struct Table {
    batches: Vec<RecordBatch>,
    schema: SchemaRef,
}

impl Table {
    pub(crate) fn new(schema: SchemaRef, batches: Vec<RecordBatch>) -> Self {
        Self { batches, schema }
    }

    /// Makes a batch of columns; all have as many rows.
    pub(crate) fn batch(schema: &SchemaRef, columns: Vec<ArrayRef>) -> PyResult<RecordBatch> {
        RecordBatch::try_new(Arc::clone(schema), columns)
            .map_err(|error| PaidanError::new_err(error.to_string()))
    }

    /// Rows `start..end` of a column in chunks.
    pub(crate) fn rows(chunks: &[ArrayRef], start: usize, end: usize) -> PyResult<ArrayRef> {
        let mut parts = Vec::new();
        let mut first = 0;
        for chunk in chunks {
            let (from, to) = (start.max(first), end.min(first + chunk.len()));
            if from < to {
                parts.push(chunk.slice(from - first, to - from));
            }
            first += chunk.len();
        }
        match (parts.as_slice(), chunks.first()) {
            ([one], _) => Ok(Arc::clone(one)),
            ([], Some(chunk)) => Ok(chunk.slice(0, 0)),
            _ => {
                let parts: Vec<&dyn Array> = parts.iter().map(AsRef::as_ref).collect();
                concat(&parts).map_err(|error| PaidanError::new_err(error.to_string()))
            }
        }
    }

    fn row_count(&self) -> usize {
        self.batches.iter().map(RecordBatch::num_rows).sum()
    }
}

#[pymethods]
impl Table {
    #[getter]
    fn column_names<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        PyTuple::new(py, self.schema.fields().iter().map(|field| field.name().as_str()))
    }

    fn __len__(&self) -> usize {
        self.row_count()
    }

    fn __repr__(&self) -> String {
        format!("Table(rows={}, columns={})", self.row_count(), self.schema.fields().len())
    }

    #[pyo3(signature = (requested_schema=None))]
    fn __arrow_c_stream__<'py>(
        &self,
        py: Python<'py>,
        requested_schema: Option<Bound<'py, PyCapsule>>,
    ) -> PyResult<Bound<'py, PyCapsule>> {
        let chunks: Vec<_> = self
            .batches
            .iter()
            .map(|batch| Ok(Arc::new(StructArray::from(batch.clone())) as ArrayRef))
            .collect();
        let field = Arc::new(Field::new_struct("", self.schema.fields().clone(), false));
        Ok(to_stream_pycapsule(py, Box::new(ArrayIterator::new(chunks, field)), requested_schema)?)
    }

    /// One column, as an object with the Arrow interface.
    ///
    /// Raises
    /// ------
    /// KeyError
    ///     There is no such column.
    fn __getitem__<'py>(&self, py: Python<'py>, name: &str) -> PyResult<Bound<'py, PyAny>> {
        let Ok(place) = self.schema.index_of(name) else {
            let names: Vec<&str> = self.schema.fields().iter().map(|field| field.name().as_str()).collect();
            return Err(PyKeyError::new_err(format!("expected one of the columns `{}`", names.join("`, `"))));
        };
        let chunks = self.batches.iter().map(|batch| Arc::clone(batch.column(place))).collect();
        let column = PyChunkedArray::try_new(chunks, Arc::new(self.schema.field(place).clone()))?;
        column.into_pyarrow(py)
    }

    /// A pyarrow Table; needs pyarrow.
    ///
    /// Returns
    /// -------
    /// pyarrow.Table
    ///
    /// Examples
    /// --------
    /// >>> import paidan, pyarrow
    /// >>> table = paidan.Engine.load().predict(pyarrow.array(["路灯不亮"]))
    /// >>> table.to_pyarrow().num_rows
    /// 1
    fn to_pyarrow<'py>(slf: &Bound<'py, Self>) -> PyResult<Bound<'py, PyAny>> {
        slf.py().import("pyarrow")?.call_method1("table", (slf,))
    }

    /// A pandas DataFrame; needs pandas and pyarrow.
    ///
    /// Parameters
    /// ----------
    /// index : pandas.Index, optional
    ///     Row labels, for instance those of the DataFrame that was read; by default 0, 1, ….
    ///
    /// Returns
    /// -------
    /// pandas.DataFrame
    ///
    /// Examples
    /// --------
    /// >>> import paidan, pandas
    /// >>> texts = pandas.Series(["路灯不亮", "水管爆了"], index=["a", "b"])
    /// >>> frame = paidan.Engine.load().predict(texts).to_pandas(index=texts.index)
    /// >>> list(frame.index)
    /// ['a', 'b']
    #[pyo3(signature = (index=None))]
    fn to_pandas<'py>(
        slf: &Bound<'py, Self>,
        index: Option<Bound<'py, PyAny>>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let frame = Self::to_pyarrow(slf)?.call_method0("to_pandas")?;
        match index {
            None => Ok(frame),
            Some(index) => {
                let named = PyDict::new(slf.py());
                named.set_item("axis", 0)?;
                frame.call_method("set_axis", (index,), Some(&named))
            }
        }
    }

    /// A Polars DataFrame; needs polars.
    ///
    /// Returns
    /// -------
    /// polars.DataFrame
    ///
    /// Examples
    /// --------
    /// >>> import paidan, polars
    /// >>> table = paidan.Engine.load().predict(polars.Series(["路灯不亮", "水管爆了"]))
    /// >>> table.to_polars().height
    /// 2
    fn to_polars<'py>(slf: &Bound<'py, Self>) -> PyResult<Bound<'py, PyAny>> {
        slf.py().import("polars")?.call_method1("DataFrame", (slf,))
    }

    fn _repr_html_(&self) -> String {
        crate::html::table(&self.schema, &self.batches, self.row_count())
    }

    fn __reduce__(&self) -> PyResult<()> {
        not_picklable("a Table", "pickle its to_pyarrow()")
    }
}

/// The schema of `fields`.
pub(crate) fn schema(fields: Vec<Field>) -> SchemaRef {
    Arc::new(Schema::new(fields))
}
