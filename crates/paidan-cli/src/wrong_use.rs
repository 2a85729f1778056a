//! What is said of a mistaken command line: never a complaint that was given in the wrong place.

use clap::error::{ContextKind, ContextValue};
use paidan::TextMasker;

/// Longer arguments are no option and no file's name, but a text.
const MAX_CHARS: usize = 40;

/// The parser's message with no more of the arguments than a person needs to find the mistake.
pub(crate) fn without_texts(mut error: clap::Error) -> clap::Error {
    for kind in [ContextKind::InvalidArg, ContextKind::InvalidValue, ContextKind::InvalidSubcommand] {
        let Some(value) = error.get(kind) else { continue };
        let shown = match value {
            ContextValue::String(value) => ContextValue::String(shown(value)),
            ContextValue::Strings(values) => ContextValue::Strings(values.iter().map(|v| shown(v)).collect()),
            _ => continue,
        };
        error.insert(kind, shown);
    }
    // The advice repeats the argument: "to pass it as a value, use `-- …`".
    if error.get(ContextKind::Suggested).is_some() {
        error.remove(ContextKind::Suggested);
    }
    error
}

fn shown(value: &str) -> String {
    if value.is_ascii() && value.len() <= MAX_CHARS {
        TextMasker::default().mask(value).masked().to_owned()
    } else {
        "…".to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn options_are_shown_and_texts_are_not() {
        assert_eq!(shown("--treads"), "--treads");
        assert_eq!(shown("fast"), "fast");
        assert_eq!(shown("13800001234"), "⟦phone⟧");
        assert_eq!(shown("路灯不亮"), "…");
        assert_eq!(shown(&"a".repeat(50)), "…");
    }
}
