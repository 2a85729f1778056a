//! Parquet: the columns that hold one value or one list a row.
//!
//! Read column by column with the `parquet` crate, without Arrow: which string type a program had in memory
//! makes no difference in the file, and a string that is not UTF-8 costs its own row, not its whole page.

mod column;
mod text;

use std::fs::File;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex};
use std::vec;

use parquet::column::reader::ColumnReader;
use parquet::errors::ParquetError;
use parquet::file::reader::{FileReader, SerializedFileReader};

use self::column::{Column, Value};
use crate::error::Error;
use crate::header::first_duplicate;
use crate::names::shown_column;
use crate::record::Row;
use crate::row_error::Fault;

/// Rows in memory at a time.
const BATCH: usize = 1024;

/// The rows of one Parquet file.
pub(crate) struct ParquetRows {
    file: SerializedFileReader<File>,
    columns: Vec<Column>,
    names: Arc<[String]>,
    /// Row groups that were begun.
    groups: usize,
    /// Of the row group begun last, one for each of `columns`. They may change threads but not be shared,
    /// which nobody does.
    readers: Mutex<Vec<ColumnReader>>,
    /// Rows of the row group begun last that were not read.
    left: usize,
    /// Values that were read, one iterator for each of `columns`, all equally long.
    batch: Vec<vec::IntoIter<Value>>,
    /// Row handed out last, from 1.
    row: u64,
    total: u64,
    /// Nothing can be read after the batch.
    broken: Option<&'static str>,
    ended: bool,
}

impl ParquetRows {
    /// Reads what the file says of itself, at its end.
    pub(crate) fn open(file: File, name: &str) -> Result<Self, Error> {
        let damaged = |found| Error::damaged(name, "Parquet file", found);
        // The crate asserts in places what a broken file does not keep.
        let opened = catch_unwind(AssertUnwindSafe(|| SerializedFileReader::new(file)));
        let file = match opened {
            Ok(Ok(file)) => file,
            Ok(Err(ParquetError::NYI(_))) => {
                let found = "a Parquet file that is encrypted or of a later version";
                return Err(Error::unsupported(name, found, "write it in the usual way"));
            }
            _ => return Err(damaged("its end, which says what is in it, is broken or cut off")),
        };
        let schema = file.metadata().file_metadata().schema_descr_ptr();
        let columns: Vec<Column> =
            (0..schema.num_columns()).filter_map(|leaf| Column::new(leaf, &schema)).collect();
        let names: Vec<String> = columns.iter().map(|column| column.name.clone()).collect();
        if let Some((first, second)) = first_duplicate(&names) {
            let places = [first, second].map(|place| format!("column {}", place + 1));
            return Err(Error::duplicate_column(names.get(first).map_or("", String::as_str), name, &places));
        }
        let groups = file.metadata().row_groups();
        let total = groups.iter().map(|group| u64::try_from(group.num_rows())).sum::<Result<u64, _>>();
        let total = total.map_err(|_| damaged("it says that it has less than no rows"))?;
        Ok(Self {
            file,
            columns,
            names: names.into(),
            groups: 0,
            readers: Mutex::default(),
            left: 0,
            batch: Vec::new(),
            row: 0,
            total,
            broken: None,
            ended: false,
        })
    }

    pub(crate) fn columns(&self) -> &[String] {
        &self.names
    }

    /// How much was read, from 0 to 1.
    pub(crate) fn progress(&self) -> f64 {
        if self.ended { 1.0 } else { self.row as f64 / self.total.max(1) as f64 }
    }

    pub(crate) fn next_row(&mut self) -> Option<Result<Row, Fault>> {
        while !self.ended {
            let values: Vec<Value> = self.batch.iter_mut().map_while(Iterator::next).collect();
            if !values.is_empty() && values.len() == self.columns.len() {
                self.row += 1;
                return Some(self.row(values));
            }
            if let Some(found) = self.broken {
                self.ended = true;
                return Some(Err(Fault::damaged(self.row + 1, found)));
            }
            if self.left > 0 {
                self.read_batch();
            } else if self.groups < self.file.num_row_groups() {
                self.begin_group();
            } else {
                self.ended = true;
            }
        }
        None
    }

    fn row(&self, values: Vec<Value>) -> Result<Row, Fault> {
        let bad = values.iter().zip(&self.columns).find(|(value, _)| value.is_err());
        if let Some((_, column)) = bad {
            let place = format!("column {}", shown_column(&column.name));
            return Err(Fault::wrong_encoding(self.row, &place));
        }
        let values = values.into_iter().map(|value| value.unwrap_or_default()).collect();
        Ok(Row { line: self.row, columns: Arc::clone(&self.names), values })
    }

    fn begin_group(&mut self) {
        let (file, number) = (&self.file, self.groups);
        let readers = catch_unwind(AssertUnwindSafe(|| {
            let group = file.get_row_group(number)?;
            let readers: Result<Vec<_>, _> =
                self.columns.iter().map(|column| group.get_column_reader(column.leaf)).collect();
            let rows = usize::try_from(group.metadata().num_rows())?;
            Ok::<_, ParquetError>((readers?, rows))
        }));
        self.groups += 1;
        match readers {
            Ok(Ok((readers, rows))) => {
                self.readers = Mutex::new(readers);
                self.left = rows;
            }
            _ => self.broken = Some("what is said of its columns is broken"),
        }
    }

    fn read_batch(&mut self) {
        let rows = self.left.min(BATCH);
        let Ok(readers) = self.readers.get_mut() else { return self.broken = Some("it is broken") };
        let mut complete = true;
        let mut batch = Vec::with_capacity(self.columns.len());
        for (column, reader) in self.columns.iter().zip(readers) {
            let (values, all) = column.read(reader, rows);
            complete &= all;
            batch.push(values);
        }
        // Rows that all columns have are good although a later page is not.
        let whole = batch.iter().map(Vec::len).min().unwrap_or(0);
        batch.iter_mut().for_each(|values| values.truncate(whole));
        self.batch = batch.into_iter().map(Vec::into_iter).collect();
        self.left -= rows;
        if !complete {
            self.broken = Some("its data is broken or cut off");
        }
    }
}
