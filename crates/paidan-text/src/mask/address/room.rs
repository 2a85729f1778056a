use super::number::{Number, number_at};
use super::part::{counts_households, has_hall, is_house, is_room_word};

/// The byte after a room's number and its word, if it has one; `None` where the number counts something.
pub(super) fn room_end(text: &str, number: Number) -> Option<usize> {
    let rest = text.get(number.end..)?;
    for word in ["号室", "号房间", "号房", "室", "房间", "房", "号", "户"] {
        let Some(after) = rest.strip_prefix(word) else { continue };
        let whole = match word {
            "房" | "号房" => is_room_word(after),
            "室" => !has_hall(after),
            "号" if !is_house(after) || after.starts_with(['楼', '院']) => return None,
            "户" => number.is_room() && !counts_households(after),
            _ => true,
        };
        if whole {
            return Some(number.end + word.len());
        }
    }
    (!counts(rest)).then_some(number.end)
}

/// The byte after further rooms in a list: 501、502室.
pub(super) fn more_rooms(text: &str, mut end: usize) -> usize {
    while let Some(rest) = text.get(end..) {
        let joints = ["、", "和", "及", "与", "/", ",", "，"];
        let Some(joint) = joints.iter().find(|joint| rest.starts_with(**joint)) else { break };
        let Some(number) = number_at(text, end + joint.len()).filter(|number| number.is_room()) else {
            break;
        };
        // A comma may part clauses.
        let is_comma = matches!(*joint, "," | "，");
        match room_end(text, number).filter(|&named| !is_comma || named > number.end) {
            Some(named) => end = named,
            None => break,
        }
    }
    end
}

/// Whether a number is followed by a measure, a unit of an address, or more of a number.
fn counts(after: &str) -> bool {
    const MEASURES: &str = "年月日人元米平套多余个台万千亿栋幢层座单期排组户亩吨天次名盏辆块度分条件位点时斤克伏瓦厘毫至到路弄\
                            岁份倍批秒兆只颗棵支根处所册页版届班级";
    // Words that begin like a measure and are none.
    const WORDS: [&str; 24] = [
        "楼上", "楼下", "天花", "天然", "平时", "至今", "到处", "到现", "只有", "只能", "只是", "多次",
        "时常", "支持", "分摊", "台阶", "处于", "点燃", "位于", "天天", "级别", "路过", "单独", "个别",
    ];
    if WORDS.iter().any(|word| after.starts_with(word)) {
        return false;
    }
    if ["楼", "小时", "公里", "公斤", "公顷", "公分", "号楼"].iter().any(|word| after.starts_with(word))
    {
        return true;
    }
    let mut chars = after.chars();
    match chars.next() {
        None => false,
        Some('.' | ':' | '-' | '~') => chars.next().is_some_and(|c| c.is_ascii_alphanumeric()),
        Some('：') => chars.next().is_some_and(|c| c.is_ascii_digit()),
        Some('%' | '‰' | '℃' | '㎡' | '#' | '×' | '*' | '+' | '=') => true,
        Some(c) => c.is_ascii_alphanumeric() || MEASURES.contains(c),
    }
}
