//! Complaints against a unit itself: about its people or its conduct, not about a matter that it handles.

use std::ops::Range;

use crate::units::{UnitFinder, UnitId};

/// A unit, or one of several of the same name, that is complained about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Complaint {
    pub(super) units: Vec<UnitId>,
    pub(super) range: Range<usize>,
}

/// Verbs whose object is complained about.
const ACCUSE: [&str; 7] = ["投诉", "举报", "控告", "检举", "状告", "实名举报", "反映"];
/// What makes the unit the addressee: 向城管局投诉.
const ADDRESS: [&str; 20] = [
    "向",
    "找",
    "请",
    "让",
    "叫",
    "给",
    "由",
    "希望",
    "建议",
    "联系",
    "打电话给",
    "致电",
    "通知",
    "要求",
    "请求",
    "转",
    "到",
    "去",
    "问",
    "咨询",
];
const PEOPLE: [&str; 26] = [
    "工作人员",
    "执法人员",
    "执法队员",
    "队员",
    "人员",
    "领导",
    "局长",
    "主任",
    "书记",
    "民警",
    "干部",
    "科长",
    "所长",
    "窗口",
    "员工",
    "科员",
    "处长",
    "镇长",
    "乡长",
    "村长",
    "支书",
    "网格员",
    "办事员",
    "负责人",
    "公务员",
    "办事",
];
const MISCONDUCT: [&str; 69] = [
    "不作为",
    "乱作为",
    "慢作为",
    "推诿",
    "推脱",
    "扯皮",
    "敷衍",
    "态度恶劣",
    "态度差",
    "态度不好",
    "态度很差",
    "态度极差",
    "态度蛮横",
    "态度",
    "吃拿卡要",
    "索贿",
    "受贿",
    "收受",
    "收红包",
    "收钱",
    "收了",
    "打人",
    "打我",
    "殴打",
    "辱骂",
    "骂人",
    "暴力",
    "粗暴",
    "刁难",
    "乱收费",
    "滥用",
    "以权谋私",
    "包庇",
    "徇私",
    "失职",
    "渎职",
    "乱罚款",
    "乱执法",
    "违规",
    "违纪",
    "贪污",
    "腐败",
    "优亲厚友",
    "不受理",
    "弄虚作假",
    "拒不",
    "保护伞",
    "收好处",
    "收黑钱",
    "送礼",
    "塞钱",
    "吃请",
    "勾结",
    "串通",
    "通风报信",
    "亲戚",
    "关系户",
    "打击报复",
    "报复",
    "威胁",
    "欺负",
    "踢皮球",
    "不理不睬",
    "假公济私",
    "睁一只眼",
    "冷漠",
    "不耐烦",
    "挂电话",
    "泄露",
];
const SENTENCE_ENDS: [char; 6] = ['。', '；', ';', '！', '？', '\n'];

/// The units complained about in `text`, folded.
pub(super) fn complaints(finder: &UnitFinder, text: &str) -> Vec<Complaint> {
    let mut found = Vec::new();
    for (range, units) in finder.find(text) {
        let before = text.get(..range.start).unwrap_or_default();
        let before = before.rsplit(SENTENCE_ENDS).next().unwrap_or_default();
        let behind = text.get(range.end..).unwrap_or_default();
        let behind = behind.split(SENTENCE_ENDS).next().unwrap_or_default();
        if is_against(before, behind) {
            found.push(Complaint { units: units.to_vec(), range });
        }
    }
    found
}

fn is_against(before: &str, behind: &str) -> bool {
    let near: String = behind.chars().take(30).collect();
    let first_clause = near.split(['，', ',']).next().unwrap_or_default();
    let misconduct = |text: &str| MISCONDUCT.iter().any(|word| text.contains(word));
    let own = near.strip_prefix('的').or(near.strip_prefix("里的")).unwrap_or(&near);
    let of_unit = near.starts_with("的人") || near.starts_with("里的人") || near.starts_with("的某");
    let people = of_unit
        || PEOPLE.iter().any(|word| {
            own.starts_with(word)
                || near
                    .find(word)
                    .is_some_and(|at| near.get(..at).is_some_and(|gap| gap.chars().count() <= 4))
        });
    // The name of the area may stand between: 投诉澄江区 + 城管局.
    let close: String = before.chars().rev().take(12).collect::<Vec<_>>().into_iter().rev().collect();
    let is_addressed = ADDRESS.iter().any(|word| ends_within(&close, word, 6));
    let is_accused = ACCUSE.iter().any(|word| ends_within(&close, word, 8));
    if is_accused && !is_addressed {
        return people || misconduct(&near) || first_clause.is_empty() || first_clause == "的";
    }
    (people && misconduct(&near)) || (!is_addressed && misconduct(first_clause))
}

/// Whether `word` stands in `text` with at most `gap` characters behind it.
fn ends_within(text: &str, word: &str, gap: usize) -> bool {
    let Some(at) = text.rfind(word) else { return false };
    let rest = text.get(at + word.len()..).unwrap_or_default();
    !rest.contains(['，', ',']) && rest.chars().count() <= gap
}
