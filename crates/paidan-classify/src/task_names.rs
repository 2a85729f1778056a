/// Names that mean something else in the objects written, and so cannot be tasks.
const RESERVED: [&str; 6] = ["schema", "id", "error", "outcome", "explanation", "decision"];
/// More tasks than any hotline has.
const MAX_TASKS: usize = 1_000;
/// More labels than any hotline has: a column with more holds numbers or texts.
pub(crate) const MAX_LABELS: usize = 10_000;

/// What is wrong with the names of a model's tasks, if anything.
pub(crate) fn problem<'n>(names: impl ExactSizeIterator<Item = &'n str> + Clone) -> Option<String> {
    if names.len() == 0 || names.len() > MAX_TASKS {
        return Some(format!("expected 1 to {MAX_TASKS} tasks, got {}", names.len()));
    }
    for (index, name) in names.clone().enumerate() {
        let plain = |c: char| c.is_alphanumeric() || c == '_' || c == '-';
        if name.is_empty() || !name.chars().all(plain) {
            return Some(format!(
                "expected a task name of letters, digits, `_` and `-`, got `{}`",
                name.escape_debug()
            ));
        }
        if RESERVED.contains(&name) {
            return Some(format!(
                "`{name}` cannot be a task: the word has a meaning of its own in the output"
            ));
        }
        if names.clone().take(index).any(|other| other == name) {
            return Some(format!("task `{name}` is named twice"));
        }
    }
    None
}
