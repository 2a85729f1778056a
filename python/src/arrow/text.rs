use std::sync::Arc;

use arrow_array::cast::AsArray;
use arrow_array::{Array, ArrayRef, LargeStringArray, StringArray, StringViewArray};
use arrow_schema::DataType;

/// A column of text in one or more chunks, read where it lies.
pub(crate) struct TextColumn {
    chunks: Vec<TextArray>,
    /// Row after the last of each chunk.
    ends: Vec<usize>,
}

enum TextArray {
    Utf8(StringArray),
    LargeUtf8(LargeStringArray),
    Utf8View(StringViewArray),
    /// Which of the values each row has.
    Dictionary {
        keys: Vec<Option<usize>>,
        values: Box<TextArray>,
    },
    Null,
}

impl TextColumn {
    /// Reads text of any Arrow layout: plain, large, view, or encoded with a dictionary.
    ///
    /// # Errors
    ///
    /// What is wrong: another type, or content that is no UTF-8.
    pub(crate) fn new(arrays: &[ArrayRef]) -> Result<Self, String> {
        let mut column = Self { chunks: Vec::new(), ends: Vec::new() };
        let mut rows = 0;
        for array in arrays {
            column.chunks.push(TextArray::new(array)?);
            rows += array.len();
            column.ends.push(rows);
        }
        Ok(column)
    }

    /// A column of text that was gathered here.
    pub(crate) fn gathered(array: LargeStringArray) -> Self {
        Self { ends: vec![array.len()], chunks: vec![TextArray::LargeUtf8(array)] }
    }

    /// As an array of its own.
    pub(crate) fn to_array(&self) -> ArrayRef {
        Arc::new(LargeStringArray::from_iter((0..self.len()).map(|row| self.get(row))))
    }

    /// How many rows.
    pub(crate) fn len(&self) -> usize {
        self.ends.last().copied().unwrap_or_default()
    }

    /// The text of a row; `None` where it is null or beyond the end.
    pub(crate) fn get(&self, row: usize) -> Option<&str> {
        let chunk = self.ends.partition_point(|end| *end <= row);
        let start =
            chunk.checked_sub(1).and_then(|before| self.ends.get(before)).copied().unwrap_or_default();
        self.chunks.get(chunk)?.get(row - start)
    }
}

impl TextArray {
    fn new(array: &ArrayRef) -> Result<Self, String> {
        // Content from elsewhere: what calls itself UTF-8 need not be.
        let checked = || {
            let broken = |_| "expected UTF-8 in an intact Arrow array, found other bytes".to_owned();
            array.to_data().validate_full().map_err(broken)
        };
        match array.data_type() {
            DataType::Utf8 => checked().map(|()| Self::Utf8(array.as_string().clone())),
            DataType::LargeUtf8 => checked().map(|()| Self::LargeUtf8(array.as_string().clone())),
            DataType::Utf8View => checked().map(|()| Self::Utf8View(array.as_string_view().clone())),
            DataType::Dictionary(_, values) if is_text(values) => {
                checked()?;
                let dictionary = array.as_any_dictionary();
                if dictionary.values().is_empty() {
                    return Ok(Self::Null);
                }
                let keys = dictionary.normalized_keys().into_iter().enumerate();
                let keys = keys.map(|(row, key)| dictionary.keys().is_valid(row).then_some(key)).collect();
                Ok(Self::Dictionary { keys, values: Box::new(Self::new(dictionary.values())?) })
            }
            DataType::Null => Ok(Self::Null),
            other => Err(format!("expected text, found {other}")),
        }
    }

    fn get(&self, row: usize) -> Option<&str> {
        match self {
            Self::Utf8(array) => (row < array.len() && array.is_valid(row)).then(|| array.value(row)),
            Self::LargeUtf8(array) => (row < array.len() && array.is_valid(row)).then(|| array.value(row)),
            Self::Utf8View(array) => (row < array.len() && array.is_valid(row)).then(|| array.value(row)),
            Self::Dictionary { keys, values } => values.get((*keys.get(row)?)?),
            Self::Null => None,
        }
    }
}

fn is_text(kind: &DataType) -> bool {
    matches!(kind, DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View | DataType::Null)
}
