use super::boundary::{Boundary, is_numeral, name_start, without_zone};
use super::number::number_start;
use super::part::is_direction;
use super::words::{ESTATE_ENDS, ESTATES, NO_NAMES, PUBLIC, VILLAGE_ENDS, VILLAGES};

/// What stands directly before the part to the door.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// The name of an estate, known by its last word.
    Estate,
    Village,
    /// A name after a road or a district, whatever its last word.
    Named,
    /// What may be a name, by where it stands.
    Likely,
    /// A road, which is no part of what is masked.
    Road,
    /// A place in which no one lives.
    Public,
    Nothing,
}

/// A [`Place`] and the byte where its name begins.
#[derive(Clone, Copy, Debug)]
pub(super) struct Head {
    pub(super) start: usize,
    pub(super) place: Place,
}

/// What is taken before an estate's last words where no boundary was found.
const USUAL_CHARS: usize = 4;

/// What stands before byte `at`.
pub(super) fn head(text: &str, at: usize) -> Head {
    let nothing = Head { start: at, place: Place::Nothing };
    let Some(before) = text.get(..at) else { return nothing };
    let before = before.strip_suffix('第').unwrap_or(before);
    let direct = named(before, before.len());
    if direct.place != Place::Nothing {
        return direct;
    }
    // 翠湖花园 3栋, 翠湖花园（南区）3栋, 翠湖花园的3栋, 翠湖花园啊三栋.
    let mut end = before;
    for _ in 0..3 {
        let Some(shorter) = without_joint(end) else { break };
        end = shorter;
        let apart = named(before, end.len());
        match apart.place {
            Place::Estate | Place::Village | Place::Public | Place::Road => return apart,
            Place::Named | Place::Likely | Place::Nothing => {}
        }
    }
    // 翠湖花园（3栋2单元501）: the name tells what it is, and stays.
    let Some(opened) = before.strip_suffix(['（', '(', '，', '：', ':', ',']) else { return nothing };
    let opened = opened.trim_end_matches(['啊', '嘛', '吧', '呢', '呀', '嗯']);
    let apart = named(opened, opened.len());
    match apart.place {
        // 翠湖花园，三栋，二单元 is how it is said.
        Place::Estate if before.ends_with(['，', ',']) => apart,
        Place::Estate | Place::Public | Place::Village => Head { start: at, place: apart.place },
        _ => nothing,
    }
}

/// `before` without what may stand between a name and a number.
fn without_joint(before: &str) -> Option<&str> {
    const JOINTS: [&str; 17] = [
        " ", "的", "内", "里", "里面", "啊", "呃", "嗯", "嘛", "吧", "呢", "呀", "那个", "-", "—", "·",
        "这边",
    ];
    if let Some(open) = before.strip_suffix(['）', ')']) {
        let bracket = open.rfind(['（', '('])?;
        return (open.get(bracket..)?.chars().count() <= 9).then(|| before.get(..bracket))?;
    }
    JOINTS.iter().find_map(|joint| before.strip_suffix(joint))
}

/// The name that ends at byte `end` of `text`.
fn named(text: &str, end: usize) -> Head {
    let nothing = Head { start: end, place: Place::Nothing };
    let Some(before) = text.get(..end) else { return nothing };
    let (start, boundary) = name_start(before);
    let name = before.get(start..).unwrap_or_default();
    let core = without_zone(name);
    if core.is_empty() {
        if let Some(start) = lane_of_village(before, start) {
            return Head { start, place: Place::Village };
        }
        let place = match boundary {
            Boundary::Road => Place::Road,
            // 住东区3栋.
            _ if !name.is_empty() => Place::Likely,
            _ => Place::Nothing,
        };
        return Head { start, place };
    }
    if is_no_name(core) {
        return nothing;
    }
    let estate = ESTATES.iter().any(|word| core.ends_with(word));
    let place = if is_village(core) {
        Place::Village
    } else if estate {
        Place::Estate
    } else if PUBLIC.iter().any(|word| core.ends_with(word)) {
        Place::Public
    } else if core.ends_with(|c| ESTATE_ENDS.contains(c)) {
        Place::Estate
    } else {
        let place = match (boundary, core.chars().count()) {
            (Boundary::Road | Boundary::Area, 2..=8) => Place::Named,
            (Boundary::At, 2..=8) | (Boundary::Sign, 3..=6) => Place::Likely,
            _ => return nothing,
        };
        return Head { start, place };
    };
    let start = if boundary == Boundary::Unknown { usual_start(core, start) } else { start };
    Head { start, place }
}

fn is_no_name(core: &str) -> bool {
    NO_NAMES.iter().any(|word| {
        *word == core || (word.chars().count() > 1 && core.ends_with(word) && !ESTATES.contains(word))
    })
}

fn is_village(core: &str) -> bool {
    // 石桥村三组, 柳湾村民小组: a group has a number or a name.
    if let Some(name) = ["村民小组", "村民组", "小组", "组", "生产队", "队", "社"]
        .iter()
        .find_map(|word| core.strip_suffix(word))
    {
        let village = name.trim_end_matches(is_numeral).trim_end_matches('第');
        let chars = village.chars().count();
        // 老屋组; not 工作组, 项目组.
        let is_hamlet = chars <= 3
            && core.ends_with('组')
            && !name.ends_with(|c| "工作目案查导班重分机专解小".contains(c));
        let is_group = core.ends_with("小组") || core.ends_with("民组") || village.len() < name.len();
        return chars > 1 && !is_no_name(village) && (is_group || is_hamlet || name.contains('村'));
    }
    (core.chars().count() > 1 && core.ends_with(|c| VILLAGE_ENDS.contains(c)))
        || VILLAGES.iter().any(|word| core.ends_with(word))
}

/// Where the village begins in `before`, whose last characters up to `end` are one of its lanes: 竹洲村五巷.
fn lane_of_village(before: &str, end: usize) -> Option<usize> {
    let lane = before.get(..end)?.strip_suffix(['巷', '街', '弄'])?;
    let village = lane.get(..number_start(lane, lane.len()).unwrap_or(lane.len()))?;
    let village = village.trim_end_matches(is_direction);
    if village.len() == lane.len() {
        return None;
    }
    let (start, _) = name_start(village);
    let name = village.get(start..)?;
    (is_village(name) && !is_no_name(name)).then_some(start)
}

/// The beginning of `core`, which stands at byte `start`, by the usual length of a name.
fn usual_start(core: &str, start: usize) -> usize {
    let mut name = core;
    while let Some(rest) =
        ESTATES.iter().find_map(|word| name.strip_suffix(word)).filter(|rest| !rest.is_empty())
    {
        name = rest;
    }
    let name = if name.len() == core.len() {
        name.strip_suffix(|c| ESTATE_ENDS.contains(c) || VILLAGE_ENDS.contains(c)).unwrap_or(name)
    } else {
        name
    };
    let before = name.char_indices().rev().nth(USUAL_CHARS - 1).map_or(0, |(at, _)| at);
    start + before
}
