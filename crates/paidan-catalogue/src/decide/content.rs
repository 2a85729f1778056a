//! Whether a ticket says anything that can be decided upon.

use paidan_text::{MASK_CLOSE, MASK_OPEN};

/// Why nothing can be decided by rules or a model.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Unusable {
    NoContent,
    NotChinese,
}

/// Fewer Chinese characters than this say nothing.
const LEAST_HAN: usize = 2;
/// Words that are no content.
const EMPTY_WORDS: [&str; 18] = [
    "你好",
    "您好",
    "喂",
    "谢谢",
    "请问",
    "测试",
    "在吗",
    "有人吗",
    "哈哈",
    "呵呵",
    "嗯",
    "啊",
    "哦",
    "好的",
    "无",
    "暂无",
    "同上",
    "如题",
];

/// Looks at title and text after masking.
pub(super) fn unusable(title: &str, text: &str) -> Option<Unusable> {
    let mut rest: String = format!("{}\n{}", without_masks(title), without_masks(text));
    for word in EMPTY_WORDS {
        if rest.contains(word) {
            rest = rest.replace(word, "");
        }
    }
    let han = rest.chars().filter(|c| is_han(*c)).count();
    let letters = rest.chars().filter(|c| c.is_alphabetic()).count();
    // Names and abbreviations in a Chinese text are short; a third of Chinese is more than they leave.
    if letters > LEAST_HAN && han * 3 < letters && letters - han > 8 {
        return Some(Unusable::NotChinese);
    }
    if han < LEAST_HAN {
        return Some(if letters - han > 2 { Unusable::NotChinese } else { Unusable::NoContent });
    }
    None
}

fn is_han(c: char) -> bool {
    matches!(c, '\u{3400}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}' | '〇')
}

fn without_masks(text: &str) -> String {
    let mut kept = String::with_capacity(text.len());
    let mut is_inside = false;
    for c in text.chars() {
        match c {
            MASK_OPEN => is_inside = true,
            MASK_CLOSE => is_inside = false,
            _ if !is_inside => kept.push(c),
            _ => {}
        }
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn content_is_chinese_and_more_than_a_greeting() {
        for text in ["路灯不亮", "KTV太吵", "iPhone 14 Pro Max 屏幕碎了商家不退款", "停水"] {
            assert_eq!(unusable("", text), None, "{text}");
        }
        for text in ["", "。。。", "你好", "1234567", "⟦phone⟧", "测试测试", "喂，您好"] {
            assert_eq!(unusable("", text), Some(Unusable::NoContent), "{text}");
        }
        for text in ["The street lamp is broken", "Здравствуйте, нет воды", "水 в доме нет уже третий день"]
        {
            assert_eq!(unusable("", text), Some(Unusable::NotChinese), "{text}");
        }
        assert_eq!(unusable("路灯不亮", ""), None);
    }
}
