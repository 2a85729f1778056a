/// What a name stands after.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Boundary {
    /// 路, 街, 巷, 胡同.
    Road,
    /// A province, city, district, county, town or street office, or the number of a house.
    Area,
    /// 住在, 我是, 地址：, after which a place is named.
    At,
    /// Punctuation, or the beginning of the text.
    Sign,
    /// Another word that is no part of a name.
    Word,
    /// Nothing known within [`MAX_CHARS`].
    Unknown,
}

/// The longest name in characters.
const MAX_CHARS: usize = 14;

/// Where the name that `before` ends with begins, and what it stands after.
pub(super) fn name_start(before: &str) -> (usize, Boundary) {
    let mut start = before.len();
    for _ in 0..=MAX_CHARS {
        let (left, name) = before.split_at_checked(start).unwrap_or_default();
        if let Some(boundary) = boundary(left, name) {
            return (start, boundary);
        }
        start -= left.chars().next_back().map_or(0, char::len_utf8);
    }
    (start, Boundary::Unknown)
}

/// The boundary between `left` and a name, if there is one.
fn boundary(left: &str, name: &str) -> Option<Boundary> {
    let mut chars = left.chars().rev();
    let Some(last) = chars.next() else { return Some(Boundary::Sign) };
    let previous = chars.next().unwrap_or(' ');
    if last.is_ascii_alphabetic() {
        return None;
    }
    if last.is_ascii_digit() {
        return (!name.starts_with(['期', '区', '组'])).then_some(Boundary::Word);
    }
    if !('\u{4E00}'..='\u{9FFF}').contains(&last) && last != '〇' {
        return Some(if matches!(last, ':' | '：') { Boundary::At } else { Boundary::Sign });
    }
    road(previous, last, name).or_else(|| area(previous, last, name)).or_else(|| word(previous, last, name))
}

fn road(previous: char, last: char, name: &str) -> Option<Boundary> {
    let is_road = match last {
        '路' => !"铁公马网电线水".contains(previous) && !name.starts_with(['口', '灯', '边', '桥', '段']),
        '街' => !name.starts_with(['坊', '区', '道']),
        '巷' | '弄' => true,
        '道' => "大街".contains(previous) && !name.starts_with('办'),
        '同' => previous == '胡',
        _ => false,
    };
    is_road.then_some(Boundary::Road)
}

fn area(previous: char, last: char, name: &str) -> Option<Boundary> {
    // 号镇海村: a district has a name.
    if matches!(previous, '号' | '路' | '街') && last != '区' {
        return None;
    }
    let is_area = match last {
        '省' => !is_office(name) && !name.starts_with(['道', '会']),
        '市' => {
            !"城都超门夜楼菜股".contains(previous)
                && !is_office(name)
                && !name.starts_with(['场', '民', '容'])
        }
        '县' => !is_office(name) && !name.starts_with('城'),
        '城' => previous == '县' && !name.is_empty(),
        '镇' => previous != '小' && !is_office(name),
        '乡' => !"水故梦家".contains(previous) && !name.starts_with(['村', '镇']),
        '区' if is_office(name) => false,
        // 翠湖花园东区3栋 names a part of an estate, 澄江区翠湖花园 a district.
        '区' if without_zone(name).is_empty() => {
            !is_zone(previous) && !"小社宅属活舍院园厂片新".contains(previous)
        }
        '区' => !"小宅属活舍".contains(previous) && (previous != '社' || name.chars().count() > 1),
        '处' => previous == '事',
        '号' => is_numeral(previous) && !name.starts_with(['院', '公']),
        '段' => "中东西南北一二三四".contains(previous),
        _ => false,
    };
    is_area.then_some(Boundary::Area)
}

/// Whether what follows 市 or 县 is part of the name of an office: 市委宿舍, 县医院家属院.
fn is_office(name: &str) -> bool {
    ["委", "政府", "直", "医院", "府大", "府宿", "府家", "机关"].iter().any(|word| name.starts_with(word))
}

fn word(previous: char, last: char, name: &str) -> Option<Boundary> {
    // 反映碧水谷5-2-1801, 距碧水谷3栋1单元102室: what follows may be a name, as behind a sign.
    if last == '距' || last == '映' && previous == '反' {
        return Some(Boundary::Sign);
    }
    let is_at = match last {
        '在' | '是' | '于' | '到' | '址' | '为' => true,
        '住' => !name.starts_with(['宅', '建', '房', '总', '户']),
        '家' => "我他她你自".contains(previous),
        '处' => "位地".contains(previous),
        '落' => previous == '坐',
        '买' | '租' => !name.starts_with(['卖', '赁']) && !"廉公".contains(previous),
        '号' => "房牌".contains(previous),
        _ => false,
    };
    if is_at {
        return Some(Boundary::At);
    }
    const ALONE: &str = "的了我你您他她们其该此这那某把被给让跟说叫找从请并且但又也就去有称由问因若每及与或要不没很只才已曾再\
                         则而使送寄搬入见除啊呃嗯呢吧哦诶哎嘛呀个对着得还查派内旁";
    let is_word = match last {
        '对' => !name.starts_with(['面', '门']),
        '那' => !name.starts_with('央'),
        '户' => !name.starts_with(['籍', '口', '型']),
        '员' => !name.starts_with(['工', '村', '会']),
        '民' => {
            "居市村农".contains(previous)
                && !name.starts_with(['小', '楼', '委', '新', '公', '花', '大', '广'])
        }
        '本' => ["小区", "村", "社区", "院", "大厦", "人"].iter().any(|word| name.starts_with(word)),
        '和' => is_numeral(previous) || "室号户栋座房".contains(previous),
        '年' | '月' | '日' | '点' | '时' | '元' | '室' | '层' | '楼' | '栋' | '幢' => {
            is_numeral(previous)
        }
        '将' => !name.starts_with('军'),
        _ => {
            ALONE.contains(last)
                || PAIRS.iter().any(|(end, before)| *end == last && before.contains(previous))
        }
    };
    is_word.then_some(Boundary::Word)
}

/// Words of two characters after which a name may begin: the last, and what may stand before it.
const PAIRS: &[(char, &str)] = &[
    ('主', "业房户车店失"),
    ('生', "先医学"),
    ('士', "女护人"),
    ('姨', "阿"),
    ('爷', "大"),
    ('妈', "大爸"),
    ('傅', "师"),
    ('长', "家校"),
    ('话', "电"),
    ('机', "手"),
    ('名', "姓"),
    ('份', "身"),
    ('电', "来致"),
    ('前', "目之以日"),
    ('后', "之以然最今"),
    ('应', "反"),
    ('诉', "投起上告申"),
    ('报', "举上"),
    ('关', "有相"),
    ('求', "请要诉"),
    ('系', "联"),
    ('知', "得告通"),
    ('现', "发"),
    ('近', "附最"),
    ('边', "旁东西南北左右前后周身"),
    ('面', "对后前上下里外方"),
    ('壁', "隔"),
    ('上', "楼早晚网以马实"),
    ('下', "楼以一名"),
    ('屋', "房"),
    ('离', "距"),
    ('地', "住在"),
    ('往', "前送"),
    ('自', "来"),
    ('至', "直甚"),
    ('以', "所可"),
    ('能', "可"),
    ('里', "家屋"),
    ('间', "期房时"),
    ('人', "本老病工"),
    ('望', "希"),
    ('导', "领"),
    ('决', "解"),
    ('理', "处管办"),
    ('置', "位购"),
    ('充', "补"),
    ('修', "维装检"),
    ('实', "核落"),
    ('换', "更"),
    ('过', "经通"),
    ('来', "过前原出起后"),
    ('进', "搬"),
    ('出', "搬提"),
    ('口', "路门街叉"),
    ('位', "单各"),
    ('询', "咨"),
    ('注', "关"),
    ('烦', "麻"),
    ('测', "检"),
    ('中', "其"),
    ('如', "比例"),
    ('场', "现"),
    ('况', "情"),
    ('题', "问"),
    ('售', "出销"),
    ('确', "明"),
    ('示', "表"),
    ('开', "离"),
    ('促', "督"),
    ('居', "邻"),
    ('致', "导以"),
    ('收', "验查"),
    ('籍', "户"),
    ('庭', "家"),
    ('息', "信"),
];

/// Whether `c` may name a part of an estate: 东区, A区, 二期.
fn is_zone(c: char) -> bool {
    c.is_ascii_alphanumeric() || "东西南北中一二三四五六七八九十第甲乙".contains(c)
}

pub(super) fn is_numeral(c: char) -> bool {
    c.is_ascii_alphanumeric() || "零〇一二三四五六七八九十百".contains(c)
}

/// `name` without the parts of an estate that it ends with: 二期, 东区, 3组团, 西楼.
pub(super) fn without_zone(name: &str) -> &str {
    let mut name = name;
    while let Some(zone) = ["组团", "区", "期", "楼"].iter().find_map(|word| name.strip_suffix(word)) {
        let rest = if name.ends_with('楼') {
            zone.trim_end_matches(['东', '西', '南', '北'])
        } else {
            zone.trim_end_matches(is_zone)
        };
        if rest.len() == zone.len() {
            break;
        }
        name = rest;
    }
    name
}
