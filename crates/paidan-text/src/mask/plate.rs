use std::ops::Range;

use super::code::{is_hotline, is_quantity};
use super::label::starts_after;
use super::plate_context::{ends_in_word, is_about_vehicle, is_equipment, is_other_number, is_other_thing};
use super::plate_figures::{Figures, SEPARATORS, Tail, goes_on, pause_len, separator_len};
use super::{Cue, MaskInput, MaskRule, PiiKind};

/// Number plates (GA 36): ordinary, of new energy vehicles, of police, learners, trailers, Hong Kong and Macao
/// cars, embassies, consulates and the armed police, in either case, with separators, with figures read out
/// in Chinese. Without the character of its province a plate is found only after its word, 车牌.
pub(super) struct Plate;

pub(super) const PROVINCES: &str = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼";
/// Characters that stand first on plates of the army.
const ARMY: &str = "军空海北沈兰济南广成";
/// What speech recognition writes for a province; read so only after the word for a plate.
const HOMOPHONES: &str = "穷群月越悦护互湖经晶金玉雨遇聊乡香晚路书酥哲感赶恶额柜进近劲闪敏民穿传清鱼余计季";
/// Characters that stand last on plates with four figures.
const SUFFIXES: &str = "警学挂港澳领试";

const CUES: [&str; 10] =
    ["车牌", "牌照", "号牌", "牌号", "车号", "车 牌", "使馆", "领馆", "领事馆", "plate number"];
/// What makes a sign one of a house, a room or a ware: 门牌号.
const OTHER_SIGNS: [char; 11] = ['门', '路', '楼', '房', '床', '排', '站', '奖', '品', '商', '铭'];
/// The cues before this one announce a plate.
const LABELS: usize = 6;

impl MaskRule for Plate {
    fn kind(&self) -> PiiKind {
        PiiKind::Plate
    }

    fn cues(&self) -> &[&'static str] {
        &CUES
    }

    fn find(&self, input: &MaskInput<'_>, cues: &[Cue], found: &mut Vec<Range<usize>>) {
        let text = input.text();
        for run in input.latin_runs() {
            found.extend(plate_around(text, run));
        }
        for cue in cues.iter().filter(|cue| cue.index < LABELS || cue.index + 1 == CUES.len()) {
            if input.before(cue.range.start).ends_with(OTHER_SIGNS) {
                continue;
            }
            let mut next =
                starts_after(text, cue.range.end).into_iter().find_map(|start| labelled(text, start.at));
            while let Some(plate) = next {
                next = list_goes_on(text, plate.end).and_then(|at| labelled(text, at));
                found.push(plate);
            }
        }
        if !cues.is_empty() {
            found.extend(text.match_indices('使').filter_map(|(at, _)| embassy(text, at)));
        }
    }
}

/// The plate whose letter begins the run of letters and digits, with its province before it.
fn plate_around(text: &str, run: &Range<usize>) -> Option<Range<usize>> {
    let before = text.get(..run.start)?;
    let bare = before.strip_suffix(|c| SEPARATORS.contains(c)).unwrap_or(before);
    let apart = bare.len() < before.len();
    let last = bare.char_indices().next_back();
    let Some((start, province)) = last.filter(|(_, c)| PROVINCES.contains(*c) || ARMY.contains(*c)) else {
        return armed_police(text, run);
    };
    let known = is_about_vehicle(text, start, run.end);
    if ARMY.contains(province) && !(known && (province == '军' || text.get(..start)?.ends_with("军车"))) {
        return None;
    }
    let tail = text.get(run.clone())?.chars().next().filter(char::is_ascii_alphabetic)?;
    let wrote_word = ends_in_word(text.get(..start + province.len_utf8())?);
    if (apart && before.ends_with(' ') || wrote_word) && !known {
        return None;
    }
    let before = text.get(..start)?;
    if is_equipment(before) || is_other_number(before) && !known {
        return None;
    }
    let end = tail_end(text, run.start + tail.len_utf8(), tail, known)?;
    Some(start..end)
}

/// `WJ京12345` and `WJ01-12345`.
fn armed_police(text: &str, run: &Range<usize>) -> Option<Range<usize>> {
    let written = text.get(run.clone())?;
    let rest =
        written.get(..2).filter(|begin| begin.eq_ignore_ascii_case("wj")).and_then(|_| written.get(2..))?;
    let mut at = run.start + 2;
    if rest.is_empty() {
        at += separator_len(text.get(at..)?);
        let province = text.get(at..)?.chars().next()?;
        if PROVINCES.contains(province) {
            at += province.len_utf8();
        } else if !province.is_ascii_digit() {
            return None;
        }
    }
    let figures = Figures::read(text, at + separator_len(text.get(at..)?), false);
    let tail = figures.prefixes().find(|tail| {
        matches!(tail.text.len(), 5 | 7)
            && tail.digits() >= 4
            && !goes_on(text.get(tail.end..).unwrap_or_default())
    })?;
    Some(run.start..tail.end)
}

/// `使014·578` and `014·578使`, where `at` is the byte of `使`.
fn embassy(text: &str, at: usize) -> Option<Range<usize>> {
    let behind = at + '使'.len_utf8();
    let figures = Figures::read(text, behind + separator_len(text.get(behind..)?), false);
    let six = figures.prefixes().find(|tail| tail.text.len() == 6 && tail.digits() == 6);
    if let Some(tail) = six.filter(|tail| !goes_on(text.get(tail.end..).unwrap_or_default())) {
        return (!is_quantity(text.get(tail.end..)?)).then_some(at..tail.end);
    }
    let before = text.get(..at)?;
    let digits = before.trim_end_matches(|c: char| c.is_ascii_digit() || SEPARATORS.contains(c));
    let written = before.get(digits.len()..)?.trim_start_matches(|c: char| !c.is_ascii_digit());
    let six = written.bytes().filter(u8::is_ascii_digit).count() == 6 && written.len() <= 8;
    let ends = !text.get(behind..)?.starts_with(['用', '得', '其', '馆', '命', '人', '领']);
    (six && ends).then(|| at - written.len()..behind)
}

/// The plate at byte `at`, right after the word for it: its province may be missing or misheard.
fn labelled(text: &str, at: usize) -> Option<Range<usize>> {
    let rest = text.get(at..)?;
    let first = rest.chars().next()?;
    let is_known = PROVINCES.contains(first) || ARMY.contains(first) || HOMOPHONES.contains(first);
    let mut letter_at = at;
    if is_known {
        letter_at += first.len_utf8();
        letter_at += separator_len(text.get(letter_at..)?);
    }
    let letter = text.get(letter_at..)?.chars().next()?;
    if letter.is_ascii_alphabetic()
        && let Some(end) = tail_end(text, letter_at + 1, letter, true)
    {
        return Some(at..end);
    }
    // No letter of the town: figures only.
    let figures = Figures::read(text, letter_at, false);
    let tail = figures.prefixes().find(|tail| matches!(tail.text.len(), 5..=7))?;
    let after = text.get(tail.end..)?;
    let only_digits = tail.digits() == tail.text.len();
    let wrong = goes_on(after) || (only_digits && (is_quantity(after) || is_hotline(tail.text)));
    (tail.digits() >= 3 && !wrong).then_some(at..tail.end)
}

/// Where the next plate of a list begins, after one that ends at byte `at`.
fn list_goes_on(text: &str, at: usize) -> Option<usize> {
    let rest = text.get(at..)?.trim_start_matches(['”', '"', '）', ')', ' ']);
    let words = ["、", "，", ",", "；", ";", "/", "还有", "以及", "和", "及", "与", "或"];
    let word = words.iter().find(|word| rest.starts_with(**word))?;
    let rest = rest.get(word.len()..)?.trim_start_matches(['“', '"', '（', '(', ' ']);
    let first = rest.chars().next()?;
    (first.is_ascii_alphabetic() || PROVINCES.contains(first)).then_some(text.len() - rest.len())
}

/// The byte behind the figures that follow the letter of a plate. `known` where the text says that it is one.
fn tail_end(text: &str, at: usize, letter: char, known: bool) -> Option<usize> {
    let mut start = at + separator_len(text.get(at..)?);
    if known && start == at {
        let rest = text.get(at..)?;
        let word = ["点", "杠", "“", "\"", "的"].into_iter().find(|word| rest.starts_with(word));
        start += word.map_or_else(|| pause_len(rest), str::len);
    }
    if letter.eq_ignore_ascii_case(&'i') && !known {
        return None;
    }
    let figures = Figures::read(text, start, known);
    figures.prefixes().find_map(|tail| {
        let after = text.get(tail.end..)?;
        let suffix = suffix_len(&tail, after);
        let end = tail.end + suffix;
        let rest = text.get(end..)?;
        let shape = match tail.text.len() {
            4 => suffix > 0 || (known && tail.groups == 1 && tail.digits() >= 3 && !is_quantity(after)),
            5 => tail.is_ordinary(known),
            6 => tail.is_new_energy() || (known && tail.digits() >= 5 && !is_quantity(after)),
            _ => false,
        };
        (shape && (suffix > 0 || !goes_on(rest)) && !is_other_thing(rest)).then_some(end)
    })
}

/// The length of the character that ends a plate of four figures, or five of a new energy vehicle.
fn suffix_len(tail: &Tail, after: &str) -> usize {
    let rest = after.strip_prefix(' ').unwrap_or(after);
    let blank = after.len() - rest.len();
    let mut chars = rest.chars();
    let Some(suffix) = chars.next().filter(|c| SUFFIXES.contains(*c)) else { return 0 };
    let next = chars.next().unwrap_or(' ');
    let word = match suffix {
        '学' => "校生院习期",
        // Four figures without it are no plate.
        '挂' if tail.text.len() == 4 => "失号",
        '挂' => "在着了上掉断失号",
        '警' => "察方告报示",
        '港' => "口湾区大珠币",
        '澳' => "门",
        '领' => "导取到了",
        '试' => "图驾点",
        _ => "",
    };
    let fits = match tail.text.len() {
        4 => tail.digits() >= 2,
        5 => matches!(suffix, '警' | '学') && tail.text.starts_with(['D', 'F']) && tail.digits() == 4,
        _ => false,
    };
    if fits && !word.contains(next) && (blank == 0 || suffix == '挂' || suffix == '警') {
        blank + suffix.len_utf8()
    } else {
        0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mask::check_cases;

    #[test]
    fn found() {
        check_cases(
            Plate,
            &[
                "半挂车{蒙GH017挂}在收费站",
                "来电人反映{琼A12345}在小区门口乱停",
                "车牌号：{粤B·D12345}，请移车",
                "车牌{京A·12345}的司机拒载",
                "{沪C-8K213}占了消防通道",
                "{川A 8K213}、{川A8K214}和{渝D·12345}都停在人行道上",
                "新能源车{京AD12345}，{京A12345F}",
                "车主（{苏e2k81c}）电话打不通",
                "教练车{鲁B1234学}闯红灯",
                "挂车{冀D1A23挂}超载",
                "{冀D1234挂}车漏油",
                "警车{豫A1234警}停在路边",
                "{粤Z1234港}和{粤Z·A123澳}两辆车",
                "武警车{WJ京12345}逆行",
                "{WJ·京 1234J}违停",
                "车牌是{WJ01-12345}",
                "使馆车{使014·578}",
                "领馆牌照{沪A0023领}",
                "大使馆的车{224578使}停在门口",
                "车牌号{A12345}，省份没看清",
                "车牌：{8K213}",
                "车号是 {AD12345} 的网约车",
                "牌照{B·8K213}",
                "号牌{军A12345}的车",
                "车牌是{琼A幺二三四五}一直堵着门",
                "车牌号{琼 A 1 2 3 4 5}",
                "我看到的是{粤B八八K幺三}那辆",
                "车牌{琼 A D 1 2 3 4 5}",
                "车牌号是{琼A，8K213}",
                "车牌号{穷A8K213}的黑色轿车",
                "车牌号分别为{琼A12345}、{B67890}和{琼C8K213}",
                "搭乘出租车（{琼AT1234}）绕路",
                "车牌号{琼A8K213}",
                "{闽A12345}路边违停",
                "我的车是{桂A12345}号",
                "{粤A·12 345}",
                "{晋A12-345}停在楼下",
                "牌照为“{浙A·12345}”的货车",
                "白色轿车{鄂AF12345}刮了我的车",
                "北京{京N8K213}",
                "司机驾驶{陕AFA8888}超速",
                "车牌号{琼A8K21}，最后一位没记住",
                "外地车 {湘 A12345} 停在这里",
                "{桂A一二三四五}这辆车",
                "车牌：{黑db7338}",
                "四{川A12345}停车",
                "{云A·12345}，{云A.12346}，{云A—12347}",
                "{川A*12345}挡道",
                "那个车牌号我记下来了，是{鄂F·8Q123}，白色的",
                "车号{皖KD5566}，司机骂人",
                "车牌：{陕U·M8866}",
                "车辆{新B-77665}与{新B-77666}并排占道",
                "停车场抬杆系统把{鲁YF66778}识别成{鲁Y66778F}",
                "{冀RAB123}、{冀R·CD456}两辆大货车",
                "发现牌照为{苏NK99J8}的车",
                "违法车牌{豫 D 6 6 7 7 8}",
                "有人举报{闽CA1B23}黑车拉客，起点站台12号",
                "一辆挂{粤Z8K88澳}牌的车",
                "{京·A8866警}",
                "{沪A·5678领}事馆车辆",
                "使馆车辆{使 123·456}",
                "武警{WJ皖1234X}车",
                "车牌为{川L幺二A三四}的渣土车",
                "车牌号是{京A，幺二三，四五}，白色的",
                "车牌{粤B呃一二三四五}",
                "车牌是{闽D七七K二三}",
                "车牌号{琼A点幺二三四五}",
                "车牌号是{京A三个八六六}",
                "那车{苏A8三K82}",
                "停着一辆{粤B 12345D}",
                "【诉求】来电人称其驾驶{冀A·9X3D2}途经解放路时被抛洒物砸中挡风玻璃。",
                "尊敬的市长：您好！我是一名出租车司机，车号{吉AT3316}，现反映油补未发放问题。",
                "事发车辆（{湘FD90123}）系某公司班车",
                "二手车过户：原车牌{鄂AB7C19}，新车牌{鄂A·DA6612}",
                "拖拉机牌照{黑01-12345}",
                "嗯 车牌我念给你 {鲁Q 六六八八K}",
                "那个面包车{桂A零九八七六}，天天停在门口",
                "是辆奔驰，京牌的，{京JF8899}",
                "香港牌车{粤ZAB12港}占用车位",
                "牌照号：{赣C·12A34}",
                "小车{豫AQ7P88}、货车{豫A2B3C5}均无人理会",
                "{甘AD00567}充电桩被锁",
            ],
        );
    }

    #[test]
    fn left_alone() {
        check_cases(
            Plate,
            &[
                "电梯登记证梯11琼A00123(19)过期",
                "新A栋的电梯坏了",
                "京A1出口没有灯",
                "贵H5页面打不开",
                "最新A12345版本的软件",
                "阿里云A12345实例",
                "华为云B12345",
                "京ICP备12345678号",
                "京B2-20210001",
                "京公网安备11010102001234号",
                "经营许可证编号：京B12345",
                "订单号：苏A12345",
                "工单编号 新A12345",
                "东京G12345次列车",
                "京A12345室",
                "沪A12345号文",
                "新S3型号",
                "云V8软件",
                "车牌尾号123的车",
                "车牌号没看清",
                "拨打12345热线反映车牌问题",
                "车牌摇号2023年开始",
                "车牌照5元工本费",
                "车号5路公交",
                "公交车K12路",
                "12345平台使用100000人次",
                "使100000人受益",
                "更新A1234版",
                "川A区3栋12345",
                "新B2C3D4E5F6",
                "辽H12345678",
                "青A12",
                "吉林A区",
                "ABC12345",
                "苏A123456789",
                "琼A***45",
                "新能源A12345",
                "房号：宁A12345栋",
                "桂花园A12345",
                "车牌号为什么不能选",
                "车牌号是多少",
                "车牌川L幺贰三",
                "车牌号一二三四我没记全",
                "一辆没牌照的车",
                "云A区和云B区",
                "新A-12号楼漏水",
                "渝快办APP",
                "粤B区",
                "豫园A座12345室",
                "G20青银高速K123+500",
                "K1234次",
                "地铁A12口",
                "京藏高速G6",
                "贵州茅台A12345批次",
                "京东PLUS会员A12345",
                "粤港澳大湾区",
                "豫见小区A3-1201",
                "川菜馆A10001",
                "新能源车D12345",
                "公交线路B12",
                "合格证编号WAC12345678901234",
                "车架号LFV3A23C0J3012345",
                "行驶证档案编号320100123456",
                "驾驶证档案号3201001234",
                "订单：京A12345678",
                "案件编号：鲁0102民初12345号",
                "鲁B1出口",
                "（2023）苏0102民初1234号",
                "苏信复〔2023〕12号",
                "国办发〔2020〕53号",
                "沪人社规〔2021〕12号",
                "药品批号：国药准字H20051234",
                "粤食药监械2012第2660123号",
                "他微信是什么我不知道，反正一二三四五天没回",
                "户号三个月没缴费",
                "QQ三个月没登录",
                "车牌三个八的豪车",
                "我微信两个都加了12345平台",
                "微信，八点三十五分发的",
                "微信，二零二三年加的",
                "账号，二〇二三年注册",
                "我的户号，然后后面是什么来着",
                "门牌号411,403两户",
                "门牌号12345",
                "品牌号A12345",
                "房号牌A12345掉了",
                "新ETC设备A12345",
                "江苏A级景区12345人",
                "津滨大道A12345号",
                "云E贷App",
                "黑B站视频BV1xx411c7mD",
                "苏宁易购S12345678",
                "鲁迅路B1-12345",
                "皖通科技A12345股票",
                "川航3U8881次航班",
                "渝新欧X8015次",
                "湘雅医院A3-1234床",
                "陕煤B1234型锅炉",
            ],
        );
    }
}
