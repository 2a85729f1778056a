use std::collections::HashMap;

use paidan::Model;

/// What the labels of a task are called on the page: their Chinese names where they are codes that have one.
pub(super) struct Names {
    labels: Vec<String>,
    by_index: Vec<String>,
    by_label: HashMap<String, String>,
}

impl Names {
    /// Those of `task`; none where the model does not have it.
    pub(super) fn new(model: &Model, task: &str) -> Self {
        let task = model.tasks().iter().find(|own| own.name() == task);
        let labels = task.into_iter().flat_map(|task| {
            let shown = |(index, label): (usize, &str)| {
                (label.to_owned(), task.label_name(index).unwrap_or(label).to_owned())
            };
            task.labels().iter().enumerate().map(shown).collect::<Vec<_>>()
        });
        let labels: Vec<(String, String)> = labels.collect();
        Self {
            labels: labels.iter().map(|(label, _)| label.clone()).collect(),
            by_index: labels.iter().map(|(_, name)| name.clone()).collect(),
            by_label: labels.into_iter().collect(),
        }
    }

    /// The name of the label at `index`; `None` stands for labels that the model has not learnt.
    pub(super) fn at(&self, index: impl Into<Option<u32>>) -> &str {
        let index = index.into();
        index.and_then(|index| self.by_index.get(index as usize)).map_or("未学过的标签", String::as_str)
    }

    /// The label at `index`, as trained.
    pub(super) fn label(&self, index: u32) -> Option<&str> {
        self.labels.get(index as usize).map(String::as_str)
    }

    /// The name of `label`, which may be one that the model has not learnt.
    pub(super) fn of<'l>(&'l self, label: &'l str) -> &'l str {
        self.by_label.get(label).map_or(label, String::as_str)
    }
}
