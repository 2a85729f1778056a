//! Matters that only those who handle them may see: harm to minors, domestic violence.

use std::ops::Range;

/// A sensitive matter, in Chinese, and where it is said.
pub(super) struct Sensitive {
    pub(super) name: &'static str,
    pub(super) range: Range<usize>,
}

const MINORS: [&str; 24] = [
    "未成年",
    "小学生",
    "中学生",
    "初中生",
    "高中生",
    "学生",
    "幼儿",
    "婴儿",
    "男童",
    "女童",
    "儿童",
    "孩子",
    "小孩",
    "女孩",
    "男孩",
    "少女",
    "娃",
    "女儿",
    "儿子",
    "孙女",
    "孙子",
    "班里",
    "同学",
    "宝宝",
];
const HARM: [&str; 30] = [
    "欺凌",
    "霸凌",
    "猥亵",
    "性侵",
    "强奸",
    "虐待",
    "体罚",
    "殴打",
    "被打",
    "打骂",
    "打耳光",
    "扇耳光",
    "拐卖",
    "遗弃",
    "童工",
    "自残",
    "侵害",
    "骚扰",
    "羞辱",
    "辱骂",
    "勒索",
    "围殴",
    "群殴",
    "被老师打",
    "怀孕",
    "卖淫",
    "吸毒",
    "针扎",
    "关小黑屋",
    "恐吓",
];
const DOMESTIC: [&str; 14] = [
    "家暴",
    "家庭暴力",
    "丈夫打",
    "老公打",
    "丈夫殴打",
    "老公殴打",
    "妻子打",
    "老婆打",
    "前夫打",
    "前夫殴打",
    "被丈夫",
    "被老公",
    "人身安全保护令",
    "打老婆",
];
const PARTNERS: [&str; 9] = ["丈夫", "老公", "妻子", "老婆", "前夫", "前妻", "男朋友", "男友", "公婆"];
const BEATEN: [&str; 9] = ["打我", "打伤我", "打她", "打他", "动手打", "对我动手", "殴打", "掐我", "施暴"];
/// What parts sentences: a child in one and a blow in another are two matters.
const ENDS: [char; 6] = ['。', '；', ';', '！', '？', '\n'];

/// The sensitive matters that `text`, folded, speaks of.
pub(super) fn sensitive(text: &str) -> Vec<Sensitive> {
    let mut found = Vec::new();
    let partner = |text: &str| PARTNERS.iter().any(|partner| text.contains(partner));
    let beaten = BEATEN.iter().filter_map(|word| Some((text.find(word)?, *word)));
    // 丈夫喝酒后打我: the blow follows the partner in the same sentence.
    let domestic = beaten.filter(|(at, _)| {
        let before = text.get(..*at).unwrap_or_default();
        partner(before.rsplit(ENDS).next().unwrap_or_default())
    });
    if let Some((at, word)) = domestic.min() {
        found.push(Sensitive { name: "家庭暴力", range: at..at + word.len() });
    } else if let Some((at, word)) = DOMESTIC.iter().filter_map(|word| Some((text.find(word)?, *word))).min()
    {
        found.push(Sensitive { name: "家庭暴力", range: at..at + word.len() });
    }
    let mut start = 0;
    for sentence in text.split_inclusive(ENDS) {
        let harm = HARM.iter().filter_map(|word| Some((sentence.find(word)?, *word))).min();
        if let Some((at, word)) = harm
            && (MINORS.iter().any(|minor| sentence.contains(minor)) || has_minor_age(sentence))
        {
            found.push(Sensitive { name: "涉未成年人", range: start + at..start + at + word.len() });
            break;
        }
        start += sentence.len();
    }
    found
}

/// `12岁`: an age below 18.
fn has_minor_age(sentence: &str) -> bool {
    sentence.match_indices('岁').any(|(at, _)| {
        let before = sentence.get(..at).unwrap_or_default();
        let digits = before.chars().rev().take_while(char::is_ascii_digit).count();
        let age = before.get(before.len() - digits..).and_then(|age| age.parse::<u32>().ok());
        age.is_some_and(|age| age < 18)
    })
}

#[cfg(test)]
mod tests {
    use super::sensitive;

    fn names(text: &str) -> Vec<&'static str> {
        sensitive(text).iter().map(|found| found.name).collect()
    }

    #[test]
    fn harm_and_minors_in_one_sentence() {
        assert_eq!(names("我女儿在学校被同学欺凌"), ["涉未成年人"]);
        assert_eq!(names("邻居家13岁的男孩经常被打"), ["涉未成年人"]);
        assert_eq!(names("丈夫打我，请帮帮我"), ["家庭暴力"]);
        assert_eq!(names("老公喝了酒就动手打人，孩子也怕"), ["家庭暴力"]);
        assert!(names("我丈夫被拖欠工资。保安打我").is_empty());
        assert!(names("孩子上学学区怎么划分").is_empty());
        assert!(names("孩子下楼摔了。物业辱骂业主").is_empty());
        assert!(names("65岁老人被打").is_empty());
    }
}
