//! Whether a word is denied, or told of the past or as done.

use std::ops::Range;

/// What ends the reach of a denial.
const CLAUSE_ENDS: [char; 12] = ['，', ',', '。', '；', ';', '！', '!', '？', '?', '\n', '：', '、'];
const SENTENCE_ENDS: [char; 7] = ['。', '；', ';', '！', '!', '？', '?'];

/// Words that deny what follows them.
const DENIALS: [&str; 22] = [
    "从来没有",
    "从未",
    "没有",
    "并没有",
    "并没",
    "没",
    "并未",
    "尚未",
    "未曾",
    "未",
    "并无",
    "无",
    "不是",
    "并不是",
    "并非",
    "不存在",
    "不属于",
    "不涉及",
    "未见",
    "未发现",
    "排除",
    "不",
];
/// What looks like a denial and is a question or an order.
const NO_DENIALS: [&str; 10] =
    ["有没有", "是不是", "有无", "是否有", "能不能", "会不会", "要不", "不得不", "无法", "不仅"];
/// What may stand between a denial and what it denies.
const FILLERS: [&str; 22] = [
    "",
    "人",
    "人员",
    "有人",
    "任何",
    "任何人",
    "什么",
    "发生",
    "发生过",
    "出现",
    "出现过",
    "存在",
    "听到",
    "闻到",
    "看到",
    "明显",
    "再",
    "再发生",
    "过",
    "造成",
    "引起",
    "有",
];
/// What denies what stands before it.
const DENIALS_BEHIND: [&str; 12] = [
    "不存在",
    "不属实",
    "没有发生",
    "并未发生",
    "是假的",
    "是谣言",
    "的情况不存在",
    "的情况没有",
    "情况不属实",
    "的情况不属实",
    "的现象不存在",
    "已排除",
];
/// Words that put what follows them into the past.
const PAST: [&str; 22] = [
    "去年",
    "前年",
    "以前",
    "之前",
    "从前",
    "曾经",
    "曾",
    "当年",
    "往年",
    "那年",
    "早年",
    "上个月",
    "上月",
    "上次",
    "几年前",
    "年前",
    "个月前",
    "原来",
    "过去",
    "历史上",
    "当时",
    "早先",
];
/// Words that bring it back.
const PRESENT: [&str; 12] =
    ["现在", "目前", "至今", "仍", "还在", "还是", "又", "再次", "一直", "今天", "最近", "近日"];
/// Words that say that it is over.
const DONE: [&str; 16] = [
    "已经修好",
    "已修好",
    "修好了",
    "已经修复",
    "已修复",
    "已经解决",
    "已解决",
    "解决了",
    "已经处理",
    "已处理",
    "处理好了",
    "已经恢复",
    "已恢复",
    "恢复了",
    "已经扑灭",
    "已扑灭",
];

/// Whether the word at `range` is denied: 没有漏水, 并未停电, 漏水的情况不存在.
pub(crate) fn is_negated(text: &str, range: &Range<usize>) -> bool {
    let before = clause_before(text, range.start);
    let behind = text.get(range.end..).unwrap_or_default();
    if DENIALS_BEHIND.iter().any(|denial| behind.starts_with(denial)) {
        return true;
    }
    FILLERS.iter().any(|filler| {
        let Some(rest) = before.strip_suffix(filler) else { return false };
        let denied =
            DENIALS.iter().any(|denial| rest.ends_with(denial) && (*denial != "不" || filler.is_empty()));
        denied && !NO_DENIALS.iter().any(|other| rest.ends_with(other) || before.ends_with(other))
    })
}

/// Whether the word at `range` is told of the past, or as over: 去年发生过火灾, 路灯坏了已经修好.
pub(crate) fn is_past(text: &str, range: &Range<usize>) -> bool {
    let before = clause_before(text, range.start);
    let last_past = PAST.iter().filter_map(|word| before.rfind(word)).max();
    let last_present = PRESENT.iter().filter_map(|word| before.rfind(word)).max();
    let behind = text.get(range.end..).unwrap_or_default();
    let sentence = behind.split(SENTENCE_ENDS).next().unwrap_or_default();
    let is_back = || PRESENT.iter().any(|word| sentence.contains(word));
    if last_past.is_some_and(|past| last_present.is_none_or(|present| present < past)) && !is_back() {
        return true;
    }
    DONE.iter().any(|done| {
        let Some(at) = sentence.find(done) else { return false };
        let until = sentence.get(..at).unwrap_or_default();
        let after = sentence.get(at + done.len()..).unwrap_or_default();
        !["没", "未", "还", "不", "说", "称"].iter().any(|word| until.ends_with(word))
            && !PRESENT.iter().any(|word| after.contains(word))
            && !after.contains("没")
    })
}

fn clause_before(text: &str, at: usize) -> &str {
    text.get(..at).unwrap_or_default().rsplit(CLAUSE_ENDS).next().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str, word: &str) -> Range<usize> {
        let at = text.find(word).unwrap();
        at..at + word.len()
    }

    #[test]
    fn denials_reach_their_word_only() {
        for (text, word) in [
            ("家里没有漏水", "漏水"),
            ("并未停电", "停电"),
            ("没有人落水", "落水"),
            ("没有发生火灾", "火灾"),
            ("不是噪音问题", "噪音"),
            ("漏水的情况不存在", "漏水"),
            ("水管不漏水了", "漏水"),
        ] {
            assert!(is_negated(text, &of(text, word)), "{text}");
        }
        for (text, word) in [
            ("没有人管漏水", "漏水"),
            ("有没有停电通知", "停电"),
            ("没人来，漏水严重", "漏水"),
            ("漏水没有人修", "漏水"),
            ("是不是要停水", "停水"),
            ("不仅漏水还漏电", "漏水"),
        ] {
            assert!(!is_negated(text, &of(text, word)), "{text}");
        }
    }

    #[test]
    fn what_is_past_may_be_back() {
        for (text, word) in [
            ("去年发生过火灾", "火灾"),
            ("以前漏水", "漏水"),
            ("路灯不亮的问题已经修好", "不亮"),
            ("三年前这里塌方", "塌方"),
        ] {
            assert!(is_past(text, &of(text, word)), "{text}");
        }
        for (text, word) in [
            ("以前漏水，现在又漏水", "现在又漏水"),
            ("去年就开始漏水至今没人管", "漏水"),
            ("物业说漏水已经处理，其实还在漏", "漏水"),
            ("漏水还没解决", "漏水"),
            ("路灯坏了，去年换的", "坏"),
        ] {
            assert!(!is_past(text, &of(text, word)), "{text}");
        }
    }
}
