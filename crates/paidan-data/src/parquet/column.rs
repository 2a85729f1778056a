use std::panic::{AssertUnwindSafe, catch_unwind};

use parquet::basic::{ConvertedType, Repetition, Type as PhysicalType};
use parquet::column::reader::{ColumnReader, ColumnReaderImpl};
use parquet::data_type::DataType;
use parquet::schema::types::{ColumnDescriptor, SchemaDescriptor, Type};

use super::text::Form;
use crate::header::clean_name;

/// A value as text; `None` for null.
pub(super) type Value = Result<Option<String>, NotText>;

/// The value should be a text but is not UTF-8.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct NotText;

/// A column as callers see it: one value or one list a row.
pub(super) struct Column {
    pub(super) name: String,
    /// Number of the column in the file, from 0.
    pub(super) leaf: usize,
    form: Form,
    /// Definition level of a value that is there.
    present: i16,
    /// For lists, definition level of an element that is there, perhaps as null.
    element: Option<i16>,
}

impl Column {
    /// `None` for lists of lists, which have no place in a table.
    pub(super) fn new(leaf: usize, schema: &SchemaDescriptor) -> Option<Self> {
        let description = schema.column(leaf);
        let element = match description.max_rep_level() {
            0 => None,
            1 => Some(description.repeated_ancestor_def_level()),
            _ => return None,
        };
        Some(Self {
            name: clean_name(&name(schema.get_column_root(leaf), &description)),
            leaf,
            form: Form::of(&description),
            present: description.max_def_level(),
            element,
        })
    }

    /// The next `rows` values, and whether there were so many.
    pub(super) fn read(&self, reader: &mut ColumnReader, rows: usize) -> (Vec<Value>, bool) {
        let form = self.form;
        match reader {
            ColumnReader::BoolColumnReader(reader) => {
                self.fill(reader, rows, |value| Ok(Some(value.to_string())))
            }
            ColumnReader::Int32ColumnReader(reader) => {
                self.fill(reader, rows, |value| Ok(Some(form.of_i32(*value))))
            }
            ColumnReader::Int64ColumnReader(reader) => {
                self.fill(reader, rows, |value| Ok(Some(form.of_i64(*value))))
            }
            ColumnReader::Int96ColumnReader(reader) => {
                self.fill(reader, rows, |value| Ok(Some(Form::of_microseconds(value.to_micros()))))
            }
            ColumnReader::FloatColumnReader(reader) => {
                self.fill(reader, rows, |value| Ok((!value.is_nan()).then(|| value.to_string())))
            }
            ColumnReader::DoubleColumnReader(reader) => {
                self.fill(reader, rows, |value| Ok((!value.is_nan()).then(|| value.to_string())))
            }
            ColumnReader::ByteArrayColumnReader(reader) => {
                self.fill(reader, rows, |value| form.of_bytes(value.data()))
            }
            ColumnReader::FixedLenByteArrayColumnReader(reader) => {
                self.fill(reader, rows, |value| form.of_bytes(value.data()))
            }
        }
    }

    fn fill<T: DataType>(
        &self,
        reader: &mut ColumnReaderImpl<T>,
        rows: usize,
        text: impl Fn(&T::T) -> Value,
    ) -> (Vec<Value>, bool) {
        let (mut present, mut repeated, mut values) = (Vec::new(), Vec::new(), Vec::new());
        // The crate asserts in places what a broken file does not keep.
        let read = catch_unwind(AssertUnwindSafe(|| {
            reader.read_records(rows, Some(&mut present), Some(&mut repeated), &mut values)
        }));
        let mut complete = matches!(read, Ok(Ok((read, ..))) if read == rows);
        // A page may hold fewer bytes than it says; the rest has no data at all, which the crate asserts.
        if matches!(T::get_physical_type(), PhysicalType::BYTE_ARRAY | PhysicalType::FIXED_LEN_BYTE_ARRAY) {
            let nothing = T::T::default();
            let filled = values.iter().take_while(|value| **value != nothing).count();
            complete &= filled == values.len();
            values.truncate(filled);
        }
        let mut values = values.iter().map(text);
        if let Some(element) = self.element {
            let mut lists = self.lists(&present, &repeated, element, values);
            if !complete {
                lists.pop();
            }
            return (lists, complete);
        }
        let values: Vec<Value> = match self.present {
            0 => values.collect(),
            there => present
                .iter()
                .map_while(|level| if *level == there { values.next() } else { Some(Ok(None)) })
                .collect(),
        };
        let complete = complete && values.len() == rows;
        (values, complete)
    }

    /// Each list as JSON, where a repetition level of 0 begins it.
    fn lists(
        &self,
        present: &[i16],
        repeated: &[i16],
        element: i16,
        mut values: impl Iterator<Item = Value>,
    ) -> Vec<Value> {
        let mut lists: Vec<Value> = Vec::new();
        for (level, repetition) in present.iter().zip(repeated) {
            let value = match *level {
                level if level == self.present => match values.next() {
                    Some(value) => Some(value.map(|value| self.form.in_json(value))),
                    None => break,
                },
                level if level >= element => Some(Ok("null".to_owned())),
                level if level == element - 1 => None,
                _ => {
                    lists.push(Ok(None));
                    continue;
                }
            };
            if *repetition == 0 {
                lists.push(Ok(Some("[]".to_owned())));
            }
            let (Some(list), Some(value)) = (lists.last_mut(), value) else { continue };
            match (list, value) {
                (Ok(Some(list)), Ok(value)) => {
                    list.pop();
                    if list.len() > 1 {
                        list.push(',');
                    }
                    list.push_str(&value);
                    list.push(']');
                }
                (list, Err(bad)) => *list = Err(bad),
                _ => {}
            }
        }
        lists
    }
}

/// The name of a leaf: the names on the way to it with dots between, without those that only make a list.
fn name(root: &Type, description: &ColumnDescriptor) -> String {
    let mut parts = vec![root.name()];
    let mut at = root;
    let mut in_list = root.get_basic_info().converted_type() == ConvertedType::LIST;
    for part in description.path().parts().iter().skip(1) {
        let Some(next) = children(at).iter().find(|child| child.name() == part) else { break };
        let repeated = next.get_basic_info().has_repetition()
            && next.get_basic_info().repetition() == Repetition::REPEATED;
        let only = children(at).len() == 1;
        at = next;
        if in_list && only {
            // `a.list.element`, and `a.array` as older programs write it.
            in_list = repeated && children(at).len() == 1;
            continue;
        }
        in_list = at.get_basic_info().converted_type() == ConvertedType::LIST;
        parts.push(at.name());
    }
    parts.join(".")
}

fn children(of: &Type) -> &[parquet::schema::types::TypePtr] {
    if of.is_group() { of.get_fields() } else { &[] }
}
