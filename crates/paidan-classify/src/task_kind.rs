use serde::{Deserialize, Serialize};

use crate::labels::label_key;

/// What the labels of a task are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TaskKind {
    /// One label a ticket.
    #[default]
    Label,
    /// One path of up to [`MAX_LEVELS`] levels a ticket, written `a > b` or as a JSON array, the broadest
    /// level first.
    Path,
    /// Any number of labels a ticket, none as well, written `a;b` or as a JSON array; `[]` is none.
    Set,
}

/// The most levels of a path.
pub const MAX_LEVELS: usize = 5;
/// What stands between the levels of a path as it is kept and written.
pub(crate) const LEVEL_MARK: &str = " > ";

impl TaskKind {
    /// The name used in arguments and in the bundle.
    pub fn name(self) -> &'static str {
        match self {
            Self::Label => "label",
            Self::Path => "path",
            Self::Set => "set",
        }
    }

    /// What keeps `value` from being read as labels of this kind, if anything; without its words.
    pub fn problem(self, value: &str) -> Option<&'static str> {
        self.labels_of(value).err()
    }

    /// The kind of this name.
    pub(crate) fn from_name(name: &str) -> Option<Self> {
        [Self::Label, Self::Path, Self::Set].into_iter().find(|kind| kind.name() == name)
    }

    /// The labels that a column's `value` stands for: at most one for labels and paths, a path with its
    /// levels parted by ` > `. `None` where the value is blank and says nothing.
    ///
    /// # Errors
    ///
    /// What is wrong with the value, without its words.
    pub(crate) fn labels_of(self, value: &str) -> Result<Option<Vec<String>>, &'static str> {
        if label_key(value).is_empty() {
            return Ok(None);
        }
        match self {
            Self::Label => Ok(Some(vec![value.to_owned()])),
            Self::Path => {
                let levels = match array(value)? {
                    Some(levels) => levels,
                    None => split(value, &['>', '＞']),
                };
                match levels.len() {
                    0 => Ok(None),
                    1..=MAX_LEVELS if levels.iter().any(|level| level.contains(['>', '＞'])) => {
                        Err("a level of a path that holds `>`")
                    }
                    1..=MAX_LEVELS => Ok(Some(vec![levels.join(LEVEL_MARK)])),
                    _ => Err("a path of more than 5 levels"),
                }
            }
            Self::Set => Ok(Some(match array(value)? {
                Some(labels) => labels,
                None => split(value, &[';', '；']),
            })),
        }
    }
}

/// The strings of a JSON array, blank ones left out; `None` where `value` is none.
fn array(value: &str) -> Result<Option<Vec<String>>, &'static str> {
    if !value.trim_start().starts_with('[') {
        return Ok(None);
    }
    let Ok(values) = serde_json::from_str::<Vec<Option<String>>>(value) else {
        return Err("a value that begins with `[` and is no JSON array of texts");
    };
    let texts = values.into_iter().flatten().map(|text| text.trim().to_owned());
    Ok(Some(texts.filter(|text| !label_key(text).is_empty()).collect()))
}

fn split(value: &str, marks: &[char]) -> Vec<String> {
    let parts = value.split(marks).map(str::trim).filter(|part| !label_key(part).is_empty());
    parts.map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_and_sets_in_every_spelling() {
        let path = |value| TaskKind::Path.labels_of(value);
        let one = |label: &str| Ok(Some(vec![label.to_owned()]));
        assert_eq!(path("城管>环卫 > 垃圾"), one("城管 > 环卫 > 垃圾"));
        assert_eq!(path(r#"["城管", "环卫", null, " "]"#), one("城管 > 环卫"));
        assert_eq!(path("城管"), one("城管"));
        assert_eq!((path(" "), path("[]"), path(">")), (Ok(None), Ok(None), Ok(None)));
        assert!(path("a>b>c>d>e").is_ok() && path("a>b>c>d>e>f").is_err());
        assert!(path(r#"["a>b"]"#).is_err() && path("[1]").is_err() && path("[\"a\"").is_err());

        let set = |value| TaskKind::Set.labels_of(value);
        let some = |labels: &[&str]| Ok(Some(labels.iter().map(|label| (*label).to_owned()).collect()));
        assert_eq!(set("教育;市场监管；"), some(&["教育", "市场监管"]));
        assert_eq!(set(r#"["教育", "市场监管"]"#), some(&["教育", "市场监管"]));
        assert_eq!((set("[]"), set(""), set("教育")), (some(&[]), Ok(None), some(&["教育"])));
        assert_eq!(TaskKind::Label.labels_of("a > b"), one("a > b"));
    }

    #[test]
    fn names_are_read_back() {
        for kind in [TaskKind::Label, TaskKind::Path, TaskKind::Set] {
            assert_eq!(TaskKind::from_name(kind.name()), Some(kind));
        }
        assert_eq!(TaskKind::from_name("tree"), None);
    }
}
