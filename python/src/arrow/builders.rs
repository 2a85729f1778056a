use std::sync::Arc;

use arrow_array::ArrayRef;
use arrow_array::builder::{
    BooleanBuilder, Float32Builder, Int64Builder, ListBuilder, StringBuilder, StructBuilder,
};
use arrow_schema::{DataType, Field, Fields};
use paidan::{Decision, Prediction, Task};

/// Rows that become columns, a batch at a time.
pub(crate) trait RowColumns {
    /// What one row is made of.
    type Row;

    /// Names and types of the columns.
    fn fields(&self) -> Vec<Field>;
    /// Adds a row; `None` is null in every column.
    fn push(&mut self, row: Option<&Self::Row>);
    /// The columns of the rows added since the last call.
    fn finish(&mut self) -> Vec<ArrayRef>;
}

/// For each task `<task>`, `<task>_name`, `<task>_probability`, `<task>_accepted` and `<task>_top`, as
/// `paidan predict --out x.csv` names them.
pub(crate) struct PredictionColumns {
    tasks: Vec<TaskColumns>,
}

struct TaskColumns {
    task: String,
    label: StringBuilder,
    name: StringBuilder,
    probability: Float32Builder,
    accepted: BooleanBuilder,
    top: ListBuilder<StructBuilder>,
}

impl PredictionColumns {
    pub(crate) fn new(tasks: &[Task]) -> Self {
        let tasks = tasks.iter().map(|task| TaskColumns {
            task: task.name().to_owned(),
            label: StringBuilder::new(),
            name: StringBuilder::new(),
            probability: Float32Builder::new(),
            accepted: BooleanBuilder::new(),
            top: ListBuilder::new(StructBuilder::from_fields(top_fields(), 0)),
        });
        Self { tasks: tasks.collect() }
    }
}

fn top_fields() -> Fields {
    Fields::from(vec![
        Field::new("label", DataType::Utf8, true),
        Field::new("probability", DataType::Float32, true),
    ])
}

fn list_of(fields: Fields) -> DataType {
    DataType::List(Arc::new(Field::new("item", DataType::Struct(fields), true)))
}

impl TaskColumns {
    fn push(&mut self, prediction: Option<&Prediction>) {
        self.label.append_option(prediction.map(|prediction| prediction.label.as_str()));
        self.name.append_option(prediction.and_then(|prediction| prediction.name.as_deref()));
        self.probability.append_option(prediction.map(|prediction| prediction.probability));
        self.accepted.append_option(prediction.and_then(|prediction| prediction.accepted));
        for (label, probability) in prediction.iter().flat_map(|prediction| &prediction.top) {
            let entries = self.top.values();
            if let Some(labels) = entries.field_builder::<StringBuilder>(0) {
                labels.append_value(label);
            }
            if let Some(probabilities) = entries.field_builder::<Float32Builder>(1) {
                probabilities.append_value(*probability);
            }
            entries.append(true);
        }
        self.top.append(prediction.is_some());
    }
}

impl RowColumns for PredictionColumns {
    type Row = Vec<Prediction>;

    fn fields(&self) -> Vec<Field> {
        let of_task = |task: &TaskColumns| {
            let field = |part: &str, kind| Field::new(format!("{}{part}", task.task), kind, true);
            [
                field("", DataType::Utf8),
                field("_name", DataType::Utf8),
                field("_probability", DataType::Float32),
                field("_accepted", DataType::Boolean),
                field("_top", list_of(top_fields())),
            ]
        };
        self.tasks.iter().flat_map(of_task).collect()
    }

    fn push(&mut self, row: Option<&Self::Row>) {
        for (place, task) in self.tasks.iter_mut().enumerate() {
            task.push(row.and_then(|predictions| predictions.get(place)));
        }
    }

    fn finish(&mut self) -> Vec<ArrayRef> {
        let of_task = |task: &mut TaskColumns| -> [ArrayRef; 5] {
            [
                Arc::new(task.label.finish()),
                Arc::new(task.name.finish()),
                Arc::new(task.probability.finish()),
                Arc::new(task.accepted.finish()),
                Arc::new(task.top.finish()),
            ]
        };
        self.tasks.iter_mut().flat_map(of_task).collect()
    }
}

/// The columns of predictions, then `outcome`, `reasons` and `masked_text`.
pub(crate) struct DecisionColumns {
    predictions: PredictionColumns,
    outcome: StringBuilder,
    reasons: ListBuilder<StructBuilder>,
    masked_text: StringBuilder,
}

impl DecisionColumns {
    pub(crate) fn new(tasks: &[Task]) -> Self {
        Self {
            predictions: PredictionColumns::new(tasks),
            outcome: StringBuilder::new(),
            reasons: ListBuilder::new(StructBuilder::from_fields(reason_fields(), 0)),
            masked_text: StringBuilder::new(),
        }
    }
}

fn reason_fields() -> Fields {
    let text = |name| Field::new(name, DataType::Utf8, true);
    Fields::from(vec![text("code"), text("message")])
}

impl RowColumns for DecisionColumns {
    type Row = Decision;

    fn fields(&self) -> Vec<Field> {
        let mut fields = self.predictions.fields();
        fields.push(Field::new("outcome", DataType::Utf8, true));
        fields.push(Field::new("reasons", list_of(reason_fields()), true));
        fields.push(Field::new("masked_text", DataType::Utf8, true));
        fields
    }

    fn push(&mut self, row: Option<&Self::Row>) {
        self.predictions.push(row.map(|decision| &decision.predictions));
        self.outcome.append_option(row.map(|decision| decision.outcome.name()));
        for reason in row.iter().flat_map(|decision| &decision.explanation.reasons) {
            let entries = self.reasons.values();
            for (place, text) in [reason.code, reason.message.as_str()].into_iter().enumerate() {
                if let Some(texts) = entries.field_builder::<StringBuilder>(place) {
                    texts.append_value(text);
                }
            }
            entries.append(true);
        }
        self.reasons.append(row.is_some());
        self.masked_text.append_option(row.map(|decision| decision.explanation.masked_text.as_str()));
    }

    fn finish(&mut self) -> Vec<ArrayRef> {
        let mut columns = self.predictions.finish();
        columns.push(Arc::new(self.outcome.finish()));
        columns.push(Arc::new(self.reasons.finish()));
        columns.push(Arc::new(self.masked_text.finish()));
        columns
    }
}

/// A masked text, and where personal data stood in the original, in code points.
pub(crate) struct MaskedRow {
    pub(crate) text: String,
    pub(crate) spans: Vec<(usize, usize, &'static str)>,
}

/// `text` and `spans`.
pub(crate) struct SpanColumns {
    text: StringBuilder,
    spans: ListBuilder<StructBuilder>,
}

impl Default for SpanColumns {
    fn default() -> Self {
        let spans = ListBuilder::new(StructBuilder::from_fields(span_fields(), 0));
        Self { text: StringBuilder::new(), spans }
    }
}

fn span_fields() -> Fields {
    let number = |name| Field::new(name, DataType::Int64, true);
    Fields::from(vec![number("start"), number("end"), Field::new("kind", DataType::Utf8, true)])
}

impl RowColumns for SpanColumns {
    type Row = MaskedRow;

    fn fields(&self) -> Vec<Field> {
        vec![Field::new("text", DataType::Utf8, true), Field::new("spans", list_of(span_fields()), true)]
    }

    fn push(&mut self, row: Option<&Self::Row>) {
        self.text.append_option(row.map(|row| row.text.as_str()));
        for (start, end, kind) in row.iter().flat_map(|row| &row.spans) {
            let entries = self.spans.values();
            for (place, number) in [start, end].into_iter().enumerate() {
                if let Some(numbers) = entries.field_builder::<Int64Builder>(place) {
                    numbers.append_value(i64::try_from(*number).unwrap_or(i64::MAX));
                }
            }
            if let Some(kinds) = entries.field_builder::<StringBuilder>(2) {
                kinds.append_value(kind);
            }
            entries.append(true);
        }
        self.spans.append(row.is_some());
    }

    fn finish(&mut self) -> Vec<ArrayRef> {
        vec![Arc::new(self.text.finish()), Arc::new(self.spans.finish())]
    }
}

/// `words`.
#[derive(Default)]
pub(crate) struct WordColumns {
    words: ListBuilder<StringBuilder>,
}

impl RowColumns for WordColumns {
    type Row = Vec<String>;

    fn fields(&self) -> Vec<Field> {
        let word = Field::new("item", DataType::Utf8, true);
        vec![Field::new("words", DataType::List(Arc::new(word)), true)]
    }

    fn push(&mut self, row: Option<&Self::Row>) {
        for word in row.into_iter().flatten() {
            self.words.values().append_value(word);
        }
        self.words.append(row.is_some());
    }

    fn finish(&mut self) -> Vec<ArrayRef> {
        vec![Arc::new(self.words.finish())]
    }
}
