//! What stands around a number plate, and around what only looks like one.

/// Words that follow numbers of rooms, trains, versions and documents.
pub(super) fn is_other_thing(after: &str) -> bool {
    let words = "室 栋 座 幢 层 页 版 型 元 单元 次列车 次动车 次高铁 次航班 航班 号楼 号文 号令 号案 号通知 \
        号房 房间 平米 平方";
    words.split(' ').any(|word| after.starts_with(word))
}

/// Whether what stands before says that the number is one of a licence, an order or a model.
pub(super) fn is_other_number(before: &str) -> bool {
    let before = before.trim_end_matches([' ', ':', '：', '是', '为', '“', '"', '（', '(']);
    let words = "证号 证编号 证书号 文号 备案号 备案编号 货号 型号 批号 单号 订单 案号 合同号 合同编号 编号 网点 \
        版本";
    words.split(' ').any(|word| before.ends_with(word))
}

/// Whether `before` ends with the kind and the class of special equipment, whose registration number goes on with a
/// province (TSG 08): 梯11, 锅10.
pub(super) fn is_equipment(before: &str) -> bool {
    let kind = before.trim_end_matches(|c: char| c.is_ascii_digit());
    before.len() - kind.len() == 2 && kind.ends_with(['梯', '锅', '容', '管', '起', '索', '游'])
}

/// Whether `before` ends in a word whose last character is also one of a province.
pub(super) fn ends_in_word(before: &str) -> bool {
    let words = "重新 更新 最新 全新 高新 创新 翻新 崭新 刷新 北京 南京 东京 望京 四川 百川 天津 江苏 南宁 西宁 \
        辽宁 海宁 阿里云 华为云 腾讯云 百度云 白云 青云 内蒙 齐鲁 富贵 珍贵 宝贵 尊贵 昂贵 知青 西藏 \
        收藏 黄浦江沪 大吉 江浙";
    words.split(' ').any(|word| before.ends_with(word))
}

/// Whether a vehicle is spoken of near the bytes `start..end`.
pub(super) fn is_about_vehicle(text: &str, start: usize, end: usize) -> bool {
    let before = text.get(..start).unwrap_or_default();
    let from = before.char_indices().rev().nth(29).map_or(0, |(at, _)| at);
    let after = text.get(end..).unwrap_or_default();
    let to = after.char_indices().nth(15).map_or(after.len(), |(at, _)| at);
    let words = ['车', '牌', '驾', '停', '乘', '撞', '挡', '堵'];
    before.get(from..).unwrap_or_default().contains(words)
        || after.get(..to).unwrap_or_default().contains(words)
}
