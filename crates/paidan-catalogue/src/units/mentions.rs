use std::collections::BTreeMap;
use std::ops::Range;

use daachorse::{CharwiseDoubleArrayAhoCorasick, CharwiseDoubleArrayAhoCorasickBuilder, MatchKind};

use super::{UnitId, Units};
use crate::areas::Areas;
use crate::level::Level;
use crate::words::fold;

/// How citizens shorten the names of offices.
const SHORT: [(&str, &[&str]); 22] = [
    ("城市管理", &["城管"]),
    ("城市管理和综合执法", &["城管"]),
    ("综合行政执法", &["综合执法"]),
    ("市场监督管理", &["市场监管", "市监"]),
    ("人力资源和社会保障", &["人社"]),
    ("住房和城乡建设", &["住建"]),
    ("住房公积金管理中心", &["公积金中心"]),
    ("自然资源和规划", &["自然资源", "自规"]),
    ("生态环境", &["环保", "环境"]),
    ("交通运输", &["交通"]),
    ("卫生健康委员会", &["卫健委", "卫生局"]),
    ("卫生健康", &["卫健", "卫生"]),
    ("医疗保障", &["医保"]),
    ("农业农村", &["农业"]),
    ("文化和旅游", &["文旅"]),
    ("应急管理", &["应急"]),
    ("纪委监委", &["纪委"]),
    ("街道办事处", &["街道办"]),
    ("人民政府", &["政府"]),
    ("居民委员会", &["居委会"]),
    ("村民委员会", &["村委会", "村委"]),
    ("有限公司", &["公司"]),
];
/// What units of these levels are called where their name goes without saying.
const STREETS: [&str; 4] = ["街道办", "街道办事处", "镇政府", "乡政府"];
const COMMUNITIES: [&str; 3] = ["居委会", "村委会", "村委"];

/// Finds units that a text names: by name, alias, the name without that of the area before it, and the short forms
/// that citizens use.
pub(crate) struct UnitFinder {
    automaton: Option<CharwiseDoubleArrayAhoCorasick<u32>>,
    /// By value of the automaton.
    units: Vec<Vec<UnitId>>,
}

impl UnitFinder {
    pub(crate) fn new(units: &Units, areas: &Areas) -> Self {
        let mut named: BTreeMap<String, Vec<UnitId>> = BTreeMap::new();
        for id in units.ids() {
            let Some(unit) = units.get(id) else { continue };
            let mut names: Vec<String> = std::iter::once(&unit.name).chain(&unit.aliases).cloned().collect();
            for area in
                unit.area.into_iter().flat_map(|area| areas.upwards(area)).filter_map(|id| areas.get(id))
            {
                let area_names = std::iter::once(&area.name).chain(&area.aliases);
                let bare = area_names.filter_map(|name| unit.name.strip_prefix(name.as_str()));
                // 城市管理局 may be any district's; 办事处 alone says nothing.
                names.extend(bare.filter(|name| name.chars().count() > 3).map(str::to_owned));
            }
            names.extend(match unit.level {
                Level::Street => STREETS.map(str::to_owned).to_vec(),
                Level::Community => COMMUNITIES.map(str::to_owned).to_vec(),
                _ => Vec::new(),
            });
            let short: Vec<String> = names.iter().flat_map(|name| shortened(name)).collect();
            names.extend(short);
            let names = names.iter().map(|name| fold(name));
            for name in names.filter(|name| name.chars().count() > 1) {
                let ids = named.entry(name).or_default();
                if !ids.contains(&id) {
                    ids.push(id);
                }
            }
        }
        let patterns = named.keys().enumerate().map(|(value, name)| (name.as_str(), value as u32));
        let automaton = CharwiseDoubleArrayAhoCorasickBuilder::new()
            .match_kind(MatchKind::LeftmostLongest)
            .build_with_values(patterns)
            .ok();
        Self { automaton, units: named.into_values().collect() }
    }

    /// Places in `text`, folded, with the units that each may mean.
    pub(crate) fn find<'f>(&'f self, text: &'f str) -> impl Iterator<Item = (Range<usize>, &'f [UnitId])> {
        let found = self.automaton.as_ref().map(|automaton| automaton.leftmost_find_iter(text));
        found.into_iter().flatten().map(|found| {
            let units = self.units.get(found.value() as usize).map_or([].as_slice(), Vec::as_slice);
            (found.start()..found.end(), units)
        })
    }
}

/// The short forms of a name, those of which something is left before the office's own name.
fn shortened(name: &str) -> Vec<String> {
    let forms = SHORT.iter().filter(|(long, _)| name.contains(long));
    let short = forms.flat_map(|(long, short)| short.iter().map(move |short| name.replace(long, short)));
    short.filter(|short| short.chars().count() > 2).collect()
}
