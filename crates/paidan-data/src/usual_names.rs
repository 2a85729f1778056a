//! What hotlines usually call their columns: only for advice, never for choosing one.

use crate::names::shown_column;

/// Names of the complaint itself, the most telling first.
const TEXTS: [&str; 16] = [
    "诉求内容",
    "工单内容",
    "投诉内容",
    "反映内容",
    "来电内容",
    "诉求描述",
    "问题描述",
    "事件描述",
    "主要内容",
    "内容",
    "描述",
    "正文",
    "文本",
    "content",
    "description",
    "body",
];
const TITLES: [&str; 8] = ["诉求标题", "工单标题", "标题", "主题", "题目", "title", "subject", "heading"];
const IDS: [&str; 7] = ["工单编号", "工单号", "受理编号", "编号", "流水号", "id", "number"];

/// Which column [`likely`] looks for.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Usual {
    Text,
    Title,
    Id,
}

/// What to do where a column is missing: name one with `option`.
pub(crate) fn advice(option: &str, usual: Usual, found: &[String]) -> String {
    match likely(found, usual) {
        Some(column) => format!("name one with {option}, for instance {}", shown_column(column)),
        None => format!("name one with {option}"),
    }
}

/// The column of `found` that probably holds what is looked for: called so, else with a name in its name.
fn likely(found: &[String], usual: Usual) -> Option<&str> {
    let names = match usual {
        Usual::Text => TEXTS.as_slice(),
        Usual::Title => &TITLES,
        Usual::Id => &IDS,
    };
    let called = |name: &&str| found.iter().find(|column| column.eq_ignore_ascii_case(name));
    let holding = |name: &&str| found.iter().find(|column| !name.is_ascii() && column.contains(*name));
    names.iter().find_map(called).or_else(|| names.iter().find_map(holding)).map(String::as_str)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_most_telling_name_is_found() {
        let found = ["编号", "内容", "诉求内容", "处理内容"].map(str::to_owned);
        assert_eq!(likely(&found, Usual::Text), Some("诉求内容"));
        assert_eq!(likely(&found, Usual::Id), Some("编号"));
        assert_eq!(likely(&found, Usual::Title), None);
        assert_eq!(
            likely(&["市民反映的内容".to_owned(), "内容分类".to_owned()], Usual::Text),
            Some("市民反映的内容")
        );
        assert_eq!(likely(&["Content".to_owned()], Usual::Text), Some("Content"));
        assert_eq!(likely(&["orchid".to_owned()], Usual::Id), None);
    }
}
