/// What a model says of a ticket, or a file of predictions.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Predictions {
    /// One for each task; the tasks `type`, `department` (or `unit`), `category` and `urgency` are used.
    pub tasks: Vec<TaskPrediction>,
}

/// What a model says for one task.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TaskPrediction {
    /// The task, for instance `department`.
    pub task: String,
    /// Labels, the most probable first.
    pub labels: Vec<LabelPrediction>,
}

/// One label and how probable it is.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct LabelPrediction {
    /// As trained.
    pub label: String,
    /// Its Chinese name, where the label is a code that has one.
    pub name: Option<String>,
    /// 0 to 1.
    pub probability: f32,
}

impl Predictions {
    /// Labels of `task`, the most probable first; empty where nothing was predicted.
    pub fn labels(&self, task: &str) -> &[LabelPrediction] {
        let found = self.tasks.iter().find(|prediction| prediction.task == task);
        found.map_or(&[], |prediction| &prediction.labels)
    }

    /// The most probable label of `task`.
    pub fn best(&self, task: &str) -> Option<&LabelPrediction> {
        self.labels(task).first()
    }

    /// Labels of who is to handle the ticket: of the task `unit`, else of `department`.
    pub(crate) fn responsible(&self) -> &[LabelPrediction] {
        let units = self.labels("unit");
        if units.is_empty() { self.labels("department") } else { units }
    }
}

impl LabelPrediction {
    /// Whether `text` is the label or its Chinese name.
    pub(crate) fn is(&self, text: &str) -> bool {
        self.label == text || self.name.as_deref() == Some(text)
    }

    /// The Chinese name where there is one, else the label.
    pub fn shown(&self) -> &str {
        self.name.as_deref().unwrap_or(&self.label)
    }
}
