//! Words before a name, each with what it weighs as evidence: natural logarithms, judged by hand.

use std::sync::LazyLock;

use super::Cue;
use super::words::Endings;

/// What parts names such as 卓玛·央金, and words after which a name is as good as certain, even one made of
/// ordinary words.
pub(super) const CUES: [&str; 26] = [
    "·",
    "•",
    "・",
    "‧",
    "我叫",
    "俺叫",
    "我名叫",
    "我的名字叫",
    "我名字叫",
    "名字叫",
    "名字叫做",
    "名字是",
    "我的名字是",
    "姓名（必填）",
    "姓名(必填)",
    "姓名（本人）",
    "本名",
    "原名",
    "曾用名",
    "姓名",
    "真实姓名",
    "本人姓名",
    "联系人姓名",
    "投诉人姓名",
    "申请人姓名",
    "户主姓名",
];
/// The cues that are dots are the first.
const DOTS: usize = 4;

/// Whether the cue is a dot in a name.
pub(super) fn is_dot(cue: &Cue) -> bool {
    cue.index < DOTS
}

/// Fields of a form.
const FIELDS: &str = "
    联系人 申请人 经办人 投诉人 举报人 来电人 诉求人 反映人 反应人 当事人 被投诉人 被举报人 被反映人 负责人 法人
    法定代表人 法人代表 委托人 代理人 受托人 求助人 报案人 报修人 报告人 监护人 受害人 嫌疑人 犯罪嫌疑人 债务人
    债权人 借款人 担保人 产权人 房屋产权人 权利人 承租人 出租人 承包人 收件人 寄件人 收货人 收款人 付款人 开户人
    登记人 写信人 来信人 来访人 信访人 上访人 建议人 咨询人 提问人 留言人 参保人 投保人 被保险人 申诉人 申报人
    被执行人 申请执行人 原告 原告人 被告 被告人 死者 伤者 受害者 求助者 投诉者 举报者 反映者 户主 户名 户主名 反馈人 回访 回访员 承办人 审核人 受理人 填报人 持证人 其父 其母 其子 其女 其妻 其夫 其弟 其兄 其丈夫 其母亲 其父亲 回访人 署名
    签名 签字 落款 持卡人 开户名 账户名 收款户名 法定监护人 紧急联系人 联系方式 参会人 乘车人 乘客姓名 购票人 患者姓名
    名叫 叫做 名为 化名 网名 昵称 称呼 敬礼 此致 敬上 缴费人 机主 房屋所有人 所有权人 法人姓名 联络人 联系 联系我
    用水人 用电人 用气人 受益人 提交人 发起人 填表人 填写人 制表人 记录人 签约人 买受人 出卖人 转让人 受让人 继承人 被继承人 赡养人 抚养人 扶养人
    保证人 抵押人 申领人 领取人 代领人 代缴人 缴款人 交款人 汇款人 取件人 预约人 就诊人 参赛人 发件人 提议人 牵头人 责任人 主管人 管理人 使用人 实际使用人 车辆所有人
    租赁人 报名人 订票人 订货人 应聘人 被害人 被侵权人 肇事人 被保人 邮寄人 承办人 开户姓名 收款人姓名 收件人姓名 户主名字 汇款户名 对方户名 账户户名";

/// What someone is, in a house, at work, in a case, to the writer.
const ROLES: &str = "
    业主 租户 租客 租房人 租房者 房东 房客 房主 村民 居民 市民 群众 网友 老板 老板娘 中介 患者 病人 病患 患儿 学生 同学
    家长 孩子 小孩 司机 驾驶员 驾驶人 车主 员工 职工 工人 农民工 民工 老人 老汉 老太太 邻居 住户 用户 顾客 客户 消费者
    商户 摊主 摊贩 店主 店家 铺主 同事 朋友 战友 老乡 男子 女子 男孩 女孩 包工头 工头 承包商 承包户 保安 保洁 保洁员
    快递员 快递小哥 外卖小哥 骑手 外卖员 外卖骑手 销售 销售员 业务员 推销员 客服 收银员 护工 保姆 月嫂 主播 教练 室友 舍友 住户 户主
    产权所有人 肇事者 凶手 逃犯 肇事司机 乘客 旅客 游客 学员 考生 退役军人 退伍军人 复员军人 老党员 党员 贫困户 低保户 五保户
    残疾人 退休职工 退休教师 下岗职工 投资人 股东 合伙人 介绍人 证明人 见证人 知情人 目击者 同伙 男友 女友 男朋友 女朋友
    对象 前夫 前妻 亲戚 亲属 家属 家人 继父 继母 养父 养母 监护人 农户 养殖户 种植户 承包人 社员 人员 逝者 亡者 孕妇 产妇
    父亲 母亲 父母 爸爸 妈妈 爸 妈 丈夫 老公 爱人 妻子 老婆 媳妇 儿子 女儿 长子 次子 长女 次女 孙子 孙女 外孙 外孙女
    我哥 我姐 我弟 我妹 哥哥 姐姐 弟弟 妹妹 大哥 二哥 大姐 二姐 爷爷 奶奶 外公 外婆 姥姥 姥爷 岳父 岳母 公公 婆婆 公爹
    叔叔 伯伯 伯父 叔父 舅舅 姑姑 姑父 姑妈 姨妈 小姨 大姨 婶婶 侄子 侄女 侄儿 外甥 外甥女 女婿 儿媳 儿媳妇 嫂子 姐夫
    妹夫 小叔子 大伯子 小舅子 小姨子 弟媳 表哥 表弟 表姐 表妹 堂哥 堂弟 堂姐 堂妹 老伴 老伴儿 配偶 双胞胎 之子 之女 之妻 之夫 家父 家母 我是 这是 曾祖父 祖父 祖母 大儿子 小儿子 大女儿 小女儿 二儿子 侄孙 亲家 堂兄 表兄 发小
    本人 我叫做 一个叫 个叫 人叫 盼复 谢谢 感谢您 抬头 户籍人 共有人 同住人 承办人 接待人 接访人 领取人 签收人 送货员 送水工
    维修工 前台 维修员 技师 厨师 出租车司机 公交司机 网约车司机 房产中介 卖家 买家 商家老板 店长 摊贩 物业人员 物业工作人员 小伙子 小姑娘 姑娘 小伙 大爷 大妈 阿姨 大叔 老大爷 老大娘 电工 水工 装修工 木工 瓦工 修理工 店员 服务员 营业员 售货员 导游 中介人员 经纪人 房产经纪 代办人 操作人 环卫工 环卫工人 清洁工 保洁阿姨 护林员 园丁 焊工 泥工 油漆工 搬运工 钳工 铲车司机 货车司机
    班组 工人们 兄弟 姐妹 兄妹 弟兄 二叔 三叔 大伯 大舅 二舅 小舅 大姑 小姑 二姨 三姨 太太 丈母娘 老丈人 爱人 亲人 亡夫 亡妻 先夫 外祖父 外祖母 姥爷 阿公 阿婆 嬢嬢
    遗孀 遗属 孙媳 孙女婿 养子 养女 继子 继女 舍长 牧民 渔民 船主 茶农 果农 菜农 瓜农 蔗农 花农 网民 侨胞 失主 车友 驴友 月嫂 陪护 义工 志愿者 钟点工 家教 干女儿 干儿子";

/// Who answers for something; officials stand more often without a name.
const OFFICES: &str = "
    书记 副书记 支书 村支书 村书记 主任 村主任 副主任 村长 队长 组长 小组长 会计 出纳 文书 干部 村干部 驻村干部 民警
    警察 辅警 交警 片警 警官 法官 检察官 律师 医生 大夫 医师 护士 护士长 教师 老师 班主任 辅导员 教授 校长 副校长 园长
    院长 经理 副经理 总经理 项目经理 物业经理 客户经理 大堂经理 董事长 总监 站长 所长 局长 科长 处长 镇长 乡长 县长
    市长 区长 部长 主管 店长 厂长 班长 车间主任 工程师 技术员 网格员 网格长 社工 楼长 楼栋长 单元长 工作人员 执法人员
    城管 协管员 书记员 调解员 接线员 话务员 受理员 经办 师傅 先生 女士 同志 团长 连长 政委 秘书 代表 候选人 委员 社长
    隔壁 楼上 楼下 对门 对面 一个姓 家住 家中 妇女 青年 工友 学长 组员 成员 队员 船长 机长 列车长 车长 主席 会长 领导 助理 财务 售楼员 置业顾问 顾问 中队长 大队长 支队长 科员 警号 巡警 狱警 保安队长 楼管 宿管
    行政部 人事部 财务部 客服部 销售部 业务部 市场部 售后部 工程部 人力资源部 综合部 办公室 总务处 那位 这位 一位 一名 一个叫做";

/// What people say before the name of someone they have spoken of.
const POINTING: &str = "那个 这个 就是 还有";

/// Verbs that a person is the object of.
const OBJECTS: &str = "感谢 表扬 找到 转告 举报 投诉 起诉 控告 控诉 认识 见到 遇到 碰到 告诉 询问 咨询 委托 雇佣 殴打 辱骂 威胁 邀请 通知 电话给";

/// Words that may stand before a name.
static BEFORE: LazyLock<Endings> = LazyLock::new(|| {
    let introductions = CUES.get(DOTS..).unwrap_or_default().join(" ");
    Endings::new(&[(9, &introductions), (7, FIELDS), (5, ROLES), (4, OFFICES), (2, POINTING), (1, OBJECTS)])
});

/// What the longest word weighs that `text` ends with.
pub(super) fn cue_at_end(text: &str) -> Option<i32> {
    BEFORE.longest(text)
}

/// Verbs, prepositions and particles that a name may follow, in the order of their code points.
const NAME_FOLLOWS: [char; 58] = [
    '与', '且', '为', '了', '于', '交', '从', '代', '以', '但', '使', '到', '即', '去', '又', '及', '同',
    '名', '后', '向', '告', '和', '因', '在', '如', '对', '将', '带', '帮', '或', '打', '托', '找', '把',
    '按', '据', '故', '时', '是', '替', '有', '由', '的', '着', '称', '系', '经', '给', '而', '被', '见',
    '让', '说', '请', '跟', '问', '陪', '骂',
];

/// What the character before a name weighs where no cue stands there: punctuation and words that take a name
/// as their object make one likelier, any other character makes it part of a longer word.
pub(super) fn preceding_char(before: Option<char>) -> i32 {
    match before {
        None => 1,
        Some('叫') => 4,
        Some(c) if NAME_FOLLOWS.binary_search(&c).is_ok() => 0,
        Some('\u{4E00}'..='\u{9FFF}') => -3,
        Some(_) => 0,
    }
}

/// Signs and the link verbs that may stand between a cue and the name.
pub(super) fn is_link(c: char) -> bool {
    matches!(
        c,
        ' ' | '：'
            | ':'
            | '('
            | '（'
            | '['
            | '【'
            | '】'
            | '\u{3000}'
            | '"'
            | '“'
            | '”'
            | '\''
            | '‘'
            | '「'
            | '-'
            | '—'
            | '_'
            | '/'
            | '是'
            | '叫'
            | '为'
            | '系'
            | '即'
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cue_words_are_told_apart_by_weight() {
        assert_eq!(cue_at_end("姓名"), Some(9));
        assert_eq!(cue_at_end("户主"), Some(7), "a field before a role");
        assert_eq!(cue_at_end("小区业主"), Some(5));
        assert_eq!(cue_at_end("小区"), None);
        assert!(NAME_FOLLOWS.is_sorted());
    }
}
