//! Many tickets as Arrow columns, in and out, over the Arrow PyCapsule interface.
//!
//! | file | what |
//! | --- | --- |
//! | `text.rs` | a column of text of any Arrow layout, read where it lies |
//! | `objects.rs` | Python objects as such a column: lists, NumPy arrays, pandas Series of objects |
//! | `frame.rs` | what Python hands over → columns of tickets |
//! | `builders.rs` | predictions and decisions → columns |
//! | `table.rs` | the class `Table`: columns on their way out |

mod builders;
mod frame;
mod objects;
mod table;
mod text;

pub(crate) use builders::{
    DecisionColumns, MaskedRow, PredictionColumns, RowColumns, SpanColumns, WordColumns,
};
pub(crate) use frame::{Frame, FrameNames, Given, column_of_labels, column_of_texts, is_columnar};
pub(crate) use table::{Table, schema};
pub(crate) use text::TextColumn;
