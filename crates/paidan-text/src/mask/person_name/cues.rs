//! Words before a name, each with what it weighs as evidence: natural logarithms, judged by hand.

use std::sync::LazyLock;

use super::Cue;
use super::transcribed::PARTS;
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

/// All words that are looked for: these, and the parts of transcribed names.
pub(super) static ALL: LazyLock<Vec<&'static str>> =
    LazyLock::new(|| CUES.iter().copied().chain(PARTS.iter()).collect());

/// Whether the cue is a part of a transcribed name.
pub(super) fn is_part(cue: &Cue) -> bool {
    cue.index >= CUES.len()
}

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

/// More of them, of lists, letters, offices and courts.
const MORE_FIELDS: &str = "
    名单 名单如下 人员名单 人员如下 签名如下 参会人员 出席人员 参加人员 在场人员 值班人员 涉及人员 参会 甲方 乙方 丙方 签收 处理人 接单人 承修人 安装人
    施工负责人 现场负责人 安全员 检查人 验收人 对接人 接收人 送达人 受送达人 交接人 移交人 申请者 提出人 主诉人 反馈者 来信者 发帖人 发布人 作者 主办人
    回访对象 服务对象 检举人 控告人 被控告人 上诉人 被上诉人 起诉人 第三人 被申请人 复议申请人 申请再审人 救助对象 子女 长辈 低保对象 保障对象 核查人 调查人 被调查人
    评价人 表扬对象 投诉对象 举报对象 反映对象 涉事人 涉事人员 涉案人 值班人 领款人 交款单位经办 代填人 代写人 代书人 撰稿人 拟稿人 签发人 批准人 复核人 校对
    客户姓名 学员姓名 孩子姓名 职工姓名 死者姓名 老人姓名 被投诉人姓名 车主姓名 房东姓名 名字 他的名字 她的名字 孩子名字 名字写的 抬头人 登记的名字 上面写的是 写的是 户名是 名叫做
    监理 总监理 检验员 质检员 化验员 受表扬人 委托代理人 法定代表 法代 实控人 实际控制人 大股东 出资人 发包人 分包人 转包人 总包人 受益人 收益人 继承者 监护者 遗嘱人";

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
    妹夫 小叔子 大伯子 小舅子 小姨子 弟媳 表哥 表弟 表姐 表妹 堂哥 堂弟 堂姐 堂妹 老伴 老伴儿 配偶 双胞胎 之子 之女 之妻 之夫 家父 家母 曾祖父 祖父 祖母 大儿子 小儿子 大女儿 小女儿 二儿子 侄孙 亲家 堂兄 表兄 发小
    本人 我叫做 一个叫 个叫 人叫 盼复 谢谢 感谢您 抬头 户籍人 共有人 同住人 承办人 接待人 接访人 领取人 签收人 送货员 送水工
    维修工 前台 维修员 技师 厨师 出租车司机 公交司机 网约车司机 房产中介 卖家 买家 商家老板 店长 摊贩 物业人员 物业工作人员 小伙子 小姑娘 姑娘 小伙 大爷 大妈 阿姨 大叔 老大爷 老大娘 电工 水工 装修工 木工 瓦工 修理工 店员 服务员 营业员 售货员 导游 中介人员 经纪人 房产经纪 代办人 操作人 环卫工 环卫工人 清洁工 保洁阿姨 护林员 园丁 焊工 泥工 油漆工 搬运工 钳工 铲车司机 货车司机
    班组 工人们 兄弟 姐妹 兄妹 弟兄 二叔 三叔 大伯 大舅 二舅 小舅 大姑 小姑 二姨 三姨 太太 丈母娘 老丈人 爱人 亲人 亡夫 亡妻 先夫 外祖父 外祖母 姥爷 阿公 阿婆 嬢嬢
    遗孀 遗属 孙媳 孙女婿 养子 养女 继子 继女 舍长 牧民 渔民 船主 茶农 果农 菜农 瓜农 蔗农 花农 网民 侨胞 失主 车友 驴友 月嫂 陪护 义工 志愿者 钟点工 家教 干女儿 干儿子";

/// More of them, of family, village and trade.
const MORE_ROLES: &str = "
    我叔 我婶 我姨 我舅 我爸 我妈 我姑 我爷 我奶 我爹 我娘 我伯 我嫂 我侄 我外公 我外婆 我孙 我儿 我女 我夫 我妻 俺爹 俺娘 俺哥 俺爸 俺妈 俺儿 俺弟 他爸 他妈 她爸 她妈 他哥 他弟 她妹 他儿子
    老爸 老妈 老父亲 老母亲 老爹 老娘 义父 义母 干爸 干妈 干爹 生父 生母 未婚夫 未婚妻 新郎 新娘 大嫂 二嫂 嫂嫂 弟妹 弟媳妇 大哥哥 妯娌 连襟 堂叔 堂伯 表叔 表姑 姨父 姨夫 姑夫 姑丈 舅妈 舅母 伯母 大娘
    曾孙 孙儿 外孙子 长孙 胞弟 胞兄 胞妹 胞姐 亲弟弟 亲哥哥 亲妹妹 亲姐姐 婆婆 公爹 前婆婆 遇难者 失踪者 伤员 逝世者 走失老人 老头 老头子 老太 老婆婆 好友 好朋友 闺蜜 哥们 同桌 同班同学 同村 同乡 本村
    务工者 务工人员 打工者 民工 临时工 钟点工 农妇 牧户 村妇 村医 乡医 村霸 恶霸 骗子 小偷 惯犯 嫌犯 疑犯 罪犯 犯人 醉汉 赌徒 流氓 地痞 无赖 储户 股民 受骗者 投资者 举报者 信访者 上访者 申诉者 受伤者 遇害者
    装修师傅 设计师 装修工 监工 施工员 资料员 质检员 安全员 材料员 电焊工 钢筋工 架子工 塔吊司机 叉车工 抹灰工 水电工 管道工 安装工 锅炉工 抄表员 收费员 巡线员 安检员 配送员 送餐员 分拣员 投递员 邮递员 送水员 送奶工
    理发师 美容师 美甲师 健身教练 驾校教练 游泳教练 厨师长 帮厨 服务生 领班 大堂 迎宾 司仪 化妆师 摄影师 主持人 演员 歌手 记者 编辑 作家 画家 诗人 中医 兽医 药师 校医 护理员 护工 麻醉师 理疗师 接生婆 算命先生
    店老板 厂老板 饭店老板 女老板 男老板 合伙人 代理商 经销商 供应商 批发商 养鸡户 养猪户 菜贩 肉贩 鱼贩 小贩 黄牛 黑车司机 的哥 的姐 车夫 船老大 渡工 看门人 守门人 看门大爷 门卫 门岗 值班员 值班民警 值班医生 值班人员 值班护士
    烈士 战士 士兵 老兵 退伍兵 老红军 劳模 老支书 老村长 知青 老知青 民办教师 代课教师 代课老师 退休老师 退休工人 退休干部 离休干部 老干部 军属 烈属 孤儿 寡妇 残疾 精神病人 患病老人 孤寡老人 独居老人 留守老人 留守儿童 贫困生 特困户 困难户";

/// Who answers for something; officials stand more often without a name.
const OFFICES: &str = "
    我是 这是     书记 副书记 支书 村支书 村书记 主任 村主任 副主任 村长 队长 组长 小组长 会计 出纳 文书 干部 村干部 驻村干部 民警
    警察 辅警 交警 片警 警官 法官 检察官 律师 医生 大夫 医师 护士 护士长 教师 老师 班主任 辅导员 教授 校长 副校长 园长
    院长 经理 副经理 总经理 项目经理 物业经理 客户经理 大堂经理 董事长 总监 站长 所长 局长 科长 处长 镇长 乡长 县长
    市长 区长 部长 主管 店长 厂长 班长 车间主任 工程师 技术员 网格员 网格长 社工 楼长 楼栋长 单元长 工作人员 执法人员
    城管 协管员 书记员 调解员 接线员 话务员 受理员 经办 师傅 先生 女士 同志 团长 连长 政委 秘书 代表 候选人 委员 社长
    隔壁 楼上 楼下 对门 对面 一个姓 家住 家中 妇女 青年 工友 学长 组员 成员 队员 船长 机长 列车长 车长 主席 会长 领导 助理 财务 售楼员 置业顾问 顾问 中队长 大队长 支队长 科员 警号 巡警 狱警 保安队长 楼管 宿管
    行政部 人事部 财务部 客服部 销售部 业务部 市场部 售后部 工程部 人力资源部 综合部 办公室 总务处 那位 这位 一位 一名 一个叫做";

/// More of them.
const MORE_OFFICES: &str = "
    医师 主治医师 主治医生 主刀医生 主刀 药剂师 检验师 院士 导师 学姐 师兄 师姐 师弟 师妹 班干部 团支书 学委 教务 教导主任 教务主任 年级主任 系主任 学生会主席 政教主任 总务主任 后勤主任
    法务 公证员 仲裁员 税务员 消防员 协警 指导员 教导员 调度 调度员 售票员 检票员 乘务员 列车员 窗口人员 窗口工作人员 经办人员 办事人员 办事员 科员 干事 股长 主办 值班 接警员 接警民警 出警民警 办案民警 办案人 承办法官 主审法官 执行法官 审判员 审判长 陪审员
    业主代表 居民代表 村民代表 职工代表 党代表 人大代表 政协委员 常委 支委 村委 村委委员 居委主任 居委会主任 村委会主任 业委会主任 业主委员会主任 支部书记 党支部书记 总支书记 社区书记 党委书记 纪委书记 纪检委员 妇女主任 治保主任 民兵连长 村小组长
    管家 楼管家 物业管家 物业主管 保安队长 保安主管 区域经理 值班经理 理财经理 销售经理 招商经理 店面经理 置业经理 房产顾问 美容顾问 健康顾问 课程顾问 法律顾问 招生老师 辅导老师 培训老师 生活老师 数学老师 语文老师 英语老师 体育老师 宿管阿姨
    总经理助理 董事 监事 监事长 副总 总裁 副总裁 董秘 总工 总工程师 厂长助理 车间 班组长 工段长 组长 测绘员 评估师 会计师 造价师 监理工程师 司法所 包村干部 扶贫干部 第一书记 挂职干部 大学生村官 村官 联防队员 联防员 巡防员 城管队员 城管人员 城管队长 执法队长 执法队员";

/// What people say before the name of someone they have spoken of.
const POINTING: &str = "那个 这个 就是 还有 楼上的 楼下的 楼的 隔壁的 对门的 单元的 栋的 邻村的 本村的 同村的 村里的 派来的 派出所的 厂里的 店里的 队里的 班里的 \
    物业的 社区的 街道的 村委的 居委会的 村委会的 工地上的 班上的 家里的 老家的 医院的 学校的 你记 记一下 我帮 我替";

/// Verbs that a person is the object of.
const OBJECTS: &str = "感谢 表扬 找到 转告 举报 投诉 起诉 控告 控诉 认识 见到 遇到 碰到 告诉 询问 咨询 委托 雇佣 殴打 辱骂 威胁 邀请 通知 电话给 找过 问过 见过 叫上 喊 派 派来 派出 联合 伙同 勾结 指使 唆使 自称 名为 化名为 经过 经由 通过 涉及 包括 除了 说是 就是 要求 指控 状告 揭发 检举 反映 处分 开除 辞退 聘请 聘用 任命 提拔 逮捕 拘留 释放 撞伤 撞到 打伤 骗走 收留 照顾 抚养 赡养";

/// Words that may stand before a name.
static BEFORE: LazyLock<Endings> = LazyLock::new(|| {
    let introductions = CUES.get(DOTS..).unwrap_or_default().join(" ");
    Endings::new(&[
        (9, &introductions),
        (7, FIELDS),
        (7, MORE_FIELDS),
        (5, ROLES),
        (5, MORE_ROLES),
        (4, OFFICES),
        (4, MORE_OFFICES),
        (2, POINTING),
        (1, OBJECTS),
    ])
});

/// Last characters of introductions, fields and roles, in the order of their code points.
static CUE_ENDS: LazyLock<Vec<char>> = LazyLock::new(|| {
    let introductions = CUES.get(DOTS..).unwrap_or_default().iter().copied();
    let words = [FIELDS, MORE_FIELDS, ROLES, MORE_ROLES].into_iter().flat_map(str::split_whitespace);
    let mut ends: Vec<char> =
        words.chain(introductions).filter_map(|word| word.chars().next_back()).collect();
    ends.extend(['：', ':', '叫', '是']);
    ends.sort_unstable();
    ends.dedup();
    ends
});

/// Whether `c` may be the last character of a cue, or of what links one and a name.
pub(super) fn may_end_cue(c: char) -> bool {
    CUE_ENDS.binary_search(&c).is_ok()
}

/// What the longest word weighs that `text` ends with.
pub(super) fn cue_at_end(text: &str) -> Option<i32> {
    BEFORE.longest(text)
}

/// What speakers say between a cue and the name: 我叫啊那个….
const FILLERS: [&str; 18] = [
    "那个", "这个", "什么", "就是", "好像", "应该", "可能", "啊", "呃", "额", "嗯", "哦", "呢", "吧", "嘛",
    "是", "叫", "做",
];
/// The least weight of a cue that a speaker hesitates after.
const LEAST_SPOKEN: i32 = 5;

/// The weight of a cue at the end of `text` behind which nothing but fillers stands; less than without them.
pub(super) fn spoken_cue(text: &str) -> Option<i32> {
    let mut rest = text;
    for _ in 0..4 {
        let bare = rest.trim_end_matches(is_link);
        rest = FILLERS.iter().find_map(|filler| bare.strip_suffix(filler))?;
        if let Some(weight) = cue_at_end(rest).filter(|weight| *weight >= LEAST_SPOKEN) {
            return Some(weight - 1);
        }
    }
    None
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
