use super::boundary::is_numeral;
use super::number::{Number, number_at};

/// What a number or a side in an address counts, from the largest to the smallest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Part {
    /// 三组, 五队: a group of a village.
    Group,
    /// 12弄.
    Lane,
    /// 12号, 8号院.
    House,
    /// 附3号.
    Annex,
    /// 3排.
    Row,
    /// 3栋, 5号楼, 9#.
    Building,
    /// 2单元, 东单元, 3门.
    Unit,
    /// 6层, 18楼.
    Floor,
    /// 501室, 3号房, or a number alone.
    Room,
    /// 西户, 左手边.
    Side,
}

/// One part as it stands in a text.
#[derive(Clone, Copy, Debug)]
pub(super) struct Found {
    pub(super) part: Part,
    pub(super) number: Number,
    /// The byte after its word.
    pub(super) end: usize,
    /// Whether it has a word: 501室, not 501.
    pub(super) named: bool,
}

/// Words of buildings, house numbers and units; the longer before those they begin with.
const BUILDINGS: [(&str, Part); 16] = [
    ("号楼", Part::Building),
    ("号大院", Part::House),
    ("号院", Part::House),
    ("号公寓", Part::Building),
    ("栋楼", Part::Building),
    ("栋", Part::Building),
    ("幢楼", Part::Building),
    ("幢", Part::Building),
    ("座", Part::Building),
    ("#楼", Part::Building),
    ("#", Part::Building),
    ("单元", Part::Unit),
    ("门洞", Part::Unit),
    ("门栋", Part::Unit),
    ("楼道", Part::Unit),
    ("楼门", Part::Unit),
];
/// Words of other parts larger than a room.
const LARGER: [(&str, Part); 12] = [
    ("支弄", Part::Lane),
    ("弄", Part::Lane),
    ("村民小组", Part::Group),
    ("村民组", Part::Group),
    ("小组", Part::Group),
    ("组", Part::Group),
    ("生产队", Part::Group),
    ("队", Part::Group),
    ("社", Part::Group),
    ("排", Part::Row),
    ("楼", Part::Floor),
    ("层", Part::Floor),
];
/// What 房 begins that is no room: 房屋, 房产, 房价.
const NOT_AFTER_ROOM: [char; 15] =
    ['屋', '子', '间', '产', '东', '价', '贷', '地', '型', '源', '顶', '款', '租', '一', '管'];
/// What makes a number with 号 something else than a house: lines, wells, machines, documents, shops.
const NOT_AFTER_HOUSE: [&str; 36] = [
    "线", "井", "口", "窗", "机", "泵", "桥", "门", "文", "令", "台", "站", "铺", "店", "商", "柜", "库",
    "桌", "床", "车", "路", "街", "电梯", "电机", "电表", "电杆", "电线", "公告", "公厕", "公交", "公路",
    "通告", "通知", "地块", "地铁", "选手",
];

/// The word for a building, a house or a unit at byte `at`, and the byte after it.
pub(super) fn building_word(text: &str, at: usize) -> Option<(Part, usize)> {
    let rest = text.get(at..)?;
    BUILDINGS.iter().find(|(word, _)| rest.starts_with(word)).map(|(word, part)| (*part, at + word.len()))
}

/// A number with the word for what it counts, after `last`.
pub(super) fn numbered(text: &str, number: Number, last: Option<Part>) -> Option<Found> {
    let at = number.end + usize::from(text.get(number.end..)?.starts_with(' '));
    let rest = text.get(at..)?;
    let found = |part, word: &str| Some(Found { part, number, end: at + word.len(), named: true });
    if let Some((part, end)) = building_word(text, at) {
        // 3#2#501.
        let is_unit = last == Some(Part::Building) && rest.starts_with('#');
        return Some(Found { part: if is_unit { Part::Unit } else { part }, number, end, named: true });
    }
    // 3门402, 2梯301: only before a number.
    for word in ["门", "梯", "单位"] {
        let next = rest.starts_with(word).then(|| number_at(text, at + word.len())).flatten();
        if next.is_some_and(|next| next.digits > 1) {
            return found(Part::Unit, word);
        }
    }
    let larger = LARGER.iter().find(|(word, _)| rest.starts_with(word));
    if let Some((word, part)) = larger {
        let after = rest.get(word.len()..)?;
        let whole = match part {
            Part::Group if *word == "社" => after.starts_with(is_numeral),
            Part::Group => !after.starts_with(['长', '织', '员', '伍']),
            Part::Floor => number.digits < 3,
            _ => true,
        };
        return if whole { found(*part, word) } else { None };
    }
    room(rest, number, last).and_then(|(part, word)| found(part, word))
}

/// The word for a room or a house that `rest` begins with.
fn room(rest: &str, number: Number, last: Option<Part>) -> Option<(Part, &'static str)> {
    let inside = last >= Some(Part::Row);
    let Number { digits, value, .. } = number;
    for word in ["号室", "号别墅", "号房间", "号房", "房间", "室", "房", "户", "号"] {
        let Some(after) = rest.strip_prefix(word) else { continue };
        let whole = match word {
            "号房" => is_room_word(after),
            "室" => !has_hall(after) && (digits >= 2 || last >= Some(Part::House)),
            "房" => {
                is_room_word(after) && (digits >= 3 || (value < 10 && digits == 2) || (digits > 0 && inside))
            }
            "户" if counts_households(after) => false,
            "户" => match last {
                // 一楼一户 counts.
                Some(Part::Floor) => digits == 2 || value > 1 || number.is_room(),
                Some(Part::Unit) => number.is_room(),
                _ => false,
            },
            "号" => is_house(after),
            _ => true,
        };
        if whole {
            return Some((if word == "号" && !inside { Part::House } else { Part::Room }, word));
        }
    }
    None
}

/// Whether `after`, which follows 号, leaves it the number of a house: 12号门前, not 12号门.
pub(super) fn is_house(after: &str) -> bool {
    ["门前", "门口", "门外", "门牌"].iter().any(|word| after.starts_with(word))
        || !NOT_AFTER_HOUSE.iter().any(|word| after.starts_with(word))
}

/// Whether `after`, which follows 房, leaves it a word of its own.
pub(super) fn is_room_word(after: &str) -> bool {
    !after.starts_with(NOT_AFTER_ROOM)
}

/// 两厅 after 三室.
pub(super) fn has_hall(after: &str) -> bool {
    after.chars().nth(1) == Some('厅')
}

/// Whether `after`, which follows 户, makes the number before it a number of households.
pub(super) fn counts_households(after: &str) -> bool {
    ["型", "口", "籍", "居民", "人家", "村民", "家", "住户", "业主", "老百姓", "群众", "以"]
        .iter()
        .any(|word| after.starts_with(word))
}

/// 附3号, 附3, 之2 at byte `at`, after the number of a house.
pub(super) fn annex(text: &str, at: usize) -> Option<Found> {
    let rest = text.get(at..)?;
    let word = ["附", "之"].iter().find(|word| rest.starts_with(**word))?;
    let number = number_at(text, at + word.len())?;
    let named = text.get(number.end..)?.starts_with('号');
    let end = number.end + if named { '号'.len_utf8() } else { 0 };
    Some(Found { part: Part::Annex, number, end, named })
}

/// 东单元, 西楼 after something larger; 西户, 左手边, 对门 after a unit or a floor.
pub(super) fn side(text: &str, at: usize, last: Option<Part>) -> Option<Found> {
    let rest = text.get(at..)?;
    let length: usize = rest.chars().take(2).take_while(|&c| is_direction(c)).map(char::len_utf8).sum();
    let after = rest.get(length..)?;
    let number = Number { end: at, digits: 0, letters: 0, value: 0 };
    let found = |part, word: &str| Some(Found { part, number, end: at + length + word.len(), named: true });
    let before_number = |word| {
        let after: Option<&str> = after.strip_prefix(word);
        after.is_some_and(|after| after.starts_with(|c: char| c.is_ascii_digit()))
    };
    if length > 0 {
        if after.starts_with("单元") && last < Some(Part::Unit) {
            return found(Part::Unit, "单元");
        }
        // 东3单元.
        let numbered = number_at(text, at + length).and_then(|number| building_word(text, number.end));
        if let Some((Part::Unit, end)) = numbered.filter(|_| last == Some(Part::Building)) {
            return Some(Found { part: Part::Unit, number, end, named: true });
        }
        if before_number("楼") && last < Some(Part::Building) {
            return found(Part::Building, "楼");
        }
        if before_number("门") && last == Some(Part::Building) {
            return found(Part::Unit, "门");
        }
    }
    if last < Some(Part::Unit) {
        return None;
    }
    if rest.starts_with("对门") {
        return Some(Found { part: Part::Side, number, end: at + "对门".len(), named: true });
    }
    let words: &[&str] = match last {
        Some(Part::Floor) => &["户", "室", "手边", "手", "侧", "首", "间", "家"],
        _ => &["户", "室"],
    };
    let word = words.iter().find(|word| after.starts_with(**word))?;
    if length > 0 { found(Part::Side, word) } else { None }
}

pub(super) fn is_direction(c: char) -> bool {
    "东西南北中左右前后边".contains(c)
}
