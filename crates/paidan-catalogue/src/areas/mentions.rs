use std::collections::BTreeMap;
use std::ops::Range;

use daachorse::{CharwiseDoubleArrayAhoCorasick, CharwiseDoubleArrayAhoCorasickBuilder, MatchKind};

use super::house_numbers::{HouseNumbers, leading_number};
use super::names::{Owner, OwnerKind};
use super::{AreaId, Areas};
use crate::finding::{Findings, Place};
use crate::words::fold;

/// Finds areas in a text: one automaton over all names, aliases and landmarks, the longest wins.
pub(crate) struct PlaceFinder {
    automaton: Option<CharwiseDoubleArrayAhoCorasick<u32>>,
    /// By value of the automaton; empty where no place is to be found.
    owners: Vec<Vec<Owner>>,
    names: Vec<String>,
}

/// A place that a text names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Mention {
    /// Bytes of the folded text.
    pub(crate) range: Range<usize>,
    /// Which name it is, see [`PlaceFinder::name`].
    pub(crate) name: u32,
    /// The areas that it may mean.
    pub(crate) owners: Vec<Owner>,
    /// Whether it says where a person is from, or what is near, rather than where the matter lies.
    pub(crate) is_aside: bool,
}

/// What a name ends with that needs no more to be the name of an area or a road.
const AREA_ENDS: [&str; 20] = [
    "省", "市", "区", "县", "旗", "镇", "乡", "街道", "社区", "村", "路", "街", "道", "巷", "弄", "园", "苑",
    "站", "城", "庄",
];

/// What makes a longer name of a bare one before it: 南京 and 西路.
const ROADS: [&str; 8] = ["路", "街", "大道", "大街", "巷", "弄", "胡同", "大桥"];
/// The same of the name of an area; an estate may well be called 小区: 南京 and 大饭店.
const PLACES: [&str; 22] = [
    "饭店",
    "酒店",
    "宾馆",
    "银行",
    "烤鸭",
    "板鸭",
    "拉面",
    "小吃",
    "火锅",
    "米粉",
    "牛肉面",
    "大学",
    "学院",
    "医院",
    "大厦",
    "广场",
    "花园",
    "小区",
    "公寓",
    "商场",
    "餐厅",
    "菜馆",
];
/// What may stand between the two.
const BETWEEN: [&str; 14] =
    ["东", "南", "西", "北", "中", "大", "新", "老", "一", "二", "三", "环", "东南", "西北"];
/// Words that begin like the end of a longer name and are none: 路灯 is no road.
const NOT_LONGER: [&str; 12] =
    ["路灯", "路面", "路口", "路边", "路段", "路况", "路障", "路牌", "街头", "街边", "街面", "路上"];
/// What makes another word of a name that ends with 市 or 区.
const OTHER_WORD: [(&str, &str); 4] = [("市", "场"), ("区", "别"), ("区", "分"), ("镇", "静")];

/// What stands before a place that is not that of the matter.
const ASIDE_BEFORE: [&str; 22] = [
    "我是",
    "本人是",
    "户籍",
    "户籍在",
    "户籍地",
    "户籍是",
    "户口",
    "户口在",
    "老家",
    "老家在",
    "老家是",
    "籍贯",
    "来自",
    "靠近",
    "邻近",
    "毗邻",
    "临近",
    "挨着",
    "接近",
    "不是",
    "不属于",
    "不在",
];
/// What stands behind one.
const ASIDE_BEHIND: [&str; 4] = ["方向", "户籍", "户口", "人士"];

impl PlaceFinder {
    /// Tells landmarks whose brackets hold no house numbers.
    pub(crate) fn new(areas: &Areas, not_places: &[String], findings: &Findings) -> Self {
        let mut named: BTreeMap<String, Vec<Owner>> = BTreeMap::new();
        let mut add = |name: &str, owner: Owner| {
            let folded = fold(name);
            let owners = if folded.is_empty() { return } else { named.entry(folded).or_default() };
            // An alias that repeats the name, or a landmark listed twice.
            if !owners.iter().any(|other| other.area == owner.area && other.numbers == owner.numbers) {
                owners.push(owner);
            }
        };
        for area in areas.ids() {
            let Some(row) = areas.get(area) else { continue };
            add(&row.name, Owner { area, kind: OwnerKind::Name, numbers: None });
            row.aliases
                .iter()
                .for_each(|alias| add(alias, Owner { area, kind: OwnerKind::Alias, numbers: None }));
            for landmark in &row.landmarks {
                match HouseNumbers::part(landmark) {
                    Ok((name, numbers)) => add(name, Owner { area, kind: OwnerKind::Landmark, numbers }),
                    Err(()) => tell_bad_landmark(landmark, &row.place, findings),
                }
            }
        }
        for word in not_places {
            named.insert(fold(word), Vec::new());
        }
        named.remove("");
        let patterns = named.keys().enumerate().map(|(value, name)| (name.as_str(), value as u32));
        let automaton = CharwiseDoubleArrayAhoCorasickBuilder::new()
            .match_kind(MatchKind::LeftmostLongest)
            .build_with_values(patterns)
            .ok();
        let (names, owners) = named.into_iter().unzip();
        Self { automaton, owners, names }
    }

    /// The places that `text`, folded, names, in order.
    pub(crate) fn find(&self, text: &str) -> Vec<Mention> {
        let Some(automaton) = &self.automaton else { return Vec::new() };
        let mut mentions = Vec::new();
        for found in automaton.leftmost_find_iter(text) {
            let range = found.start()..found.end();
            let owners = self.owners.get(found.value() as usize).map_or([].as_slice(), Vec::as_slice);
            let before = text.get(..range.start).unwrap_or_default();
            let name = text.get(range.clone()).unwrap_or_default();
            let behind = text.get(range.end..).unwrap_or_default();
            let is_landmark = owners.iter().any(|owner| owner.kind == OwnerKind::Landmark);
            if owners.is_empty() || is_part_of_longer(name, behind, is_landmark) {
                continue;
            }
            mentions.push(Mention {
                range,
                name: found.value(),
                owners: of_number(owners, behind),
                is_aside: is_aside(before, behind),
            });
        }
        mentions
    }

    /// The name that was found, as in the table.
    pub(crate) fn name(&self, mention: &Mention) -> &str {
        self.names.get(mention.name as usize).map_or("", String::as_str)
    }

    /// Names that mean several areas, none of which lies in another.
    pub(crate) fn ambiguous(&self, areas: &Areas) -> impl Iterator<Item = (&str, Vec<AreaId>)> {
        let named = self.names.iter().zip(&self.owners);
        named.filter_map(|(name, owners)| {
            let ids: Vec<AreaId> = owners.iter().filter(|o| o.numbers.is_none()).map(|o| o.area).collect();
            let apart = |a: &AreaId| ids.iter().any(|b| !areas.is_related(*a, *b));
            ids.iter().any(apart).then_some((name.as_str(), ids))
        })
    }
}

fn tell_bad_landmark(landmark: &str, place: &Place, findings: &Findings) {
    let message = format!(
        "column `landmarks`: expected house numbers such as `(1-199)`, `(200-)` or `(1-99单)`, found `{landmark}`"
    );
    findings.error("bad_house_numbers", place, message);
}

/// Those of `owners` to which the house number behind the name belongs; all where there is none.
fn of_number(owners: &[Owner], behind: &str) -> Vec<Owner> {
    if owners.iter().all(|owner| owner.numbers.is_none()) {
        return owners.to_vec();
    }
    let Some(number) = leading_number(behind) else { return owners.to_vec() };
    let holds = |owner: &&Owner| owner.numbers.is_none_or(|numbers| numbers.contains(number));
    let found: Vec<Owner> = owners.iter().filter(holds).copied().collect();
    if found.is_empty() { owners.to_vec() } else { found }
}

fn is_part_of_longer(name: &str, behind: &str, is_landmark: bool) -> bool {
    if OTHER_WORD.iter().any(|(end, next)| name.ends_with(end) && behind.starts_with(next)) {
        return true;
    }
    if AREA_ENDS.iter().any(|end| name.ends_with(end))
        || NOT_LONGER.iter().any(|word| behind.starts_with(word))
    {
        return false;
    }
    let begins = |rest: &str| {
        let starts = |words: &[&str]| words.iter().any(|word| rest.starts_with(word));
        starts(&ROADS) || !is_landmark && starts(&PLACES)
    };
    begins(behind) || BETWEEN.iter().any(|word| behind.strip_prefix(word).is_some_and(begins))
}

fn is_aside(before: &str, behind: &str) -> bool {
    ASIDE_BEFORE.iter().any(|cue| before.ends_with(cue))
        || ASIDE_BEHIND.iter().any(|cue| behind.starts_with(cue))
}
