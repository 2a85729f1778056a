//! Words after a name, each with what it weighs as evidence, and words that are no name.

use std::sync::LazyLock;

use super::words::Beginnings;

/// Forms of address and offices.
const TITLES: &str = "
    先生 女士 小姐 太太 同志 阿姨 大爷 大妈 大叔 大姐 大哥 大伯 大娘 大婶 老师 医生 大夫 师傅 师父 老人 老太 老太太 老汉
    老先生 老人家 叔叔 爷爷 奶奶 伯伯 姐姐 哥哥 律师 法官 警官 民警 经理 主任 书记 支书 队长 所长 局长 院长 校长 村长 会计
    部长 处长 科长 站长 镇长 乡长 县长 市长 区长 店长 厂长 班长 组长 会长 主席 委员 教练 司机 董事长 总经理 副书记 副主任 大队长 中队长
    护士 教授 工程师 师姐 师兄 老板 同学 小朋友 夫妇 夫妻 父子 母子 父女 母女 兄弟 姐妹 本人 等人 两人 二人 三人 四人 五人 两位 二位 三位 四位 五位 几位 一家 家属 阿婆 阿公 阿叔 阿嫂";

/// What people of hotlines do, and what is told of them.
const REPORTS: &str = "
    来电 致电 反映 反应 投诉 咨询 举报 求助 诉求 反馈 来信 来访 信访 上访 表示 声称 称其 称自己 认为 要求 希望 请求 申请 建议
    家住 住在 住址 现住 居住 系 微信 敬上 叩谢 拜谢 敬礼 亲笔 谨上 签名 签字 等业主 等村民 等居民 等住户 他就 她就 他是 她是 他说 她说 他在 她在 他们 她们 独自 独居 一人";

/// Particulars of a person; a comma or a bracket may stand between.
const PARTICULARS: &str = "
    今年 现年 年龄 身份证 身份证号 身份证号码 男 女 男性 女性 汉族 回族 电话 手机 联系电话 手机号 手机号码 联系方式 身高 出生 生于
    户籍 户口 籍贯 固话 座机 办公固话 办公电话 办公座机 宅电 家庭电话 传真 证件号 证号 微信 微信号 邮箱";

/// Words that follow a name as they follow any noun of a person; alone they say little.
const PLAIN: &str = "
    的 在 是 说 讲 称 于 因 到 被 向 和 与 及 以及 跟 同 也 就 都 又 还 已 已经 曾 把 将 对 给 从 以 我 他 她 不 没 没有 有 要
    想 找 去 来 这 那 你 您 等 之 家 家里 家中 家的 了 多次 经常 擅自 私自 打 骂 拿 让 叫 开 用 为 做 办 收 住 签 未 至今 拒 老是 总是 天天 每天 每次 长期 常年 突然 当场 随后 后来 当年 一 只 才 才能 又是 还是 就是 从 身体 瘫痪 病 患 遭 受 跑 走
    路过 路上 路边 站在 店里 村里 在村 街上 区别 市民 县里 镇上 桥上 借 欠 带 带着 带领 联合 伙同 指使 利用 通过 签订 负责 强行 恶意 公然 拒绝 拒不 组织 安排 殴打 威胁 辱骂 出具 至 处 承包 承诺 答应 身为 作为 姓名 因为 所以 于是 自称 故 请 需 能 可 会 并 却 则
    男友 女友 女儿 男朋友 女朋友 男方 女方
    索要 索取 隐瞒 推脱 推诿 描述 介绍 说明 陈述 告知 解释 承认 否认 声明 回复 答复 回应 处理 解决 协调 态度 服务 动手 打人 骂人 育有 生有 离婚 结婚 登记 分居 失踪
    去世 死亡 过世 病逝 受伤 摔倒 住院 治疗 手术 出院 就诊 看病 退休 工作 上班 下班 辞职 离职 打工 外出 回家 出门 入学 上学 就读 毕业 参军 服役
    驾驶 乘坐 购买 出售 转让 租住 出租 饲养 种植 经营 开设 注册 收取 收受 贪污 挪用 侵占 霸占 占用 强占 诈骗 敲诈 报警 报案 起诉 上诉 调解
    道歉 赔偿 支付 缴纳 拖欠 欠款 借款 借钱 还款 还钱 打来 打电话 带人 召集 主持 参加 出席 检查 验收 审批 盖章 上门 到场 赶到 走访 回访
    骑 砍 砸 推 撞 堵 骗 偷 抢 赌 养 写 送 接 啊 吧 呢 嘛 呀 哦 嗯 今天 昨天 目前 现在 当时 一直 一人 个人 自己 负责 公司里 公司的老板 店铺老板";

/// Words that make what stands before them a place, a firm or a brand.
const NOT_PERSONS: &str = "
    路 街 巷 村 镇 乡 县 区 市 省 州 庄 屯 桥 河 湖 沟 湾 坡 岭 寨 镇 弄 里弄 胡同 街道 大道 大街 小区 社区 花园 花苑 家园 苑
    园区 公寓 广场 大厦 中心 山庄 名苑 新城 新村 公园 景区 水库 隧道 立交 高速 国道 码头 机场 车站 站 地铁 公司 集团 企业
    有限 股份 超市 商场 商店 商城 市场 店 专卖 旗舰 茶庄 茶楼 药房 药店 大药房 饭店 酒店 宾馆 餐厅 餐饮 面馆 酒楼 火锅 烧烤
    烤肉 烤鸭 烤鱼 包子 饺子 拉面 米粉 牌 品牌 银行 医院 诊所 卫生院 学校 中学 小学 大学 学院 幼儿园 学堂 工业 产业 物业 地产
    房地产 置业 建筑 装饰 装修公司 科技 网吧 酒吧 影城 剧院 寺 庙 祠 墓 纪念 故居 精神 思想 理论 定律 奖 杯 语 族 队 派
    牙科 口腔 眼科 眼镜 美容 美发 理发 字帖 开发商 开发公司 开发有限 团队 乐队 艺术 工作室 名城 首府 水岸 城市 公馆 豪庭 华庭 工地 项目 工程 楼盘 号楼 国际 地块 厂 矿 农场 林场 渔港 组团 分局 派出所 政府 法院
    建材 五金 副食 经营部 门市部 批发部 服务部 商行 便利店 百货 粮油 水果店 合作社 养殖场 加工厂 修理厂 汽修 门诊 个体 日杂 服装店 小卖部";

/// Words that begin with a character of given names: where one stands across the end of a name, the name is more
/// likely two words (规|范卫|生). Those whose second character may follow a name (平等, 真的) are left out.
const ACROSS: &str = "
    建议 平台 明确 明天 阳台 东西 英文 英国 英语 英雄 明年 强制 银行 根本 文化 文件 文明 文字 文艺 文学 文物 文章 文库 飞机 飞行 刚才
    平方 平时 平均 平原 平房 平面 平稳 平米 平安 国家 国际 国有 国内 国外 国企 国资 国道 国民 国土 国庆 超市 超期 超速 超标 超载 宇宙 军事
    军人 军队 军区 军警 清楚 清单 清理 清洗 清洁 清晰 明日 明显 发现 发票 发展 发放 发生 发电 发烧 发达 发布 发表 发动 发挥 安全 安排 安置
    安装 安检 安心 安静 云南 雨水 雨天 欣赏 城里 城市 城区 城乡 城镇 城管 城中 青年 青岛 敏感 卫生 卫健 卫星 政府 政策 政务 政治 哲学 光伏
    光明 德国 财政 财务 财产 财富 希望 信息 信访 信用 信号 信任 星期 星城 礼拜 立即 立案 立刻 立交 香港 培训 培养 鉴定 建设 建筑 建立 建材
    建成 建造 智能 智慧 群众 森林 健康 健身 维修 维护 维权 维持 夏天 华北 华南 华东 华府 依法 依据 依照 生活 生产 生态 生育 生命 生意 义务
    志愿 强烈 强调 强度 强迫 普通 普遍 特别 特殊 特点 特色 花园 花钱 冰箱 升级 坚持 坚决 利息 利用 利益 利润 宗教 红线 红色 红绿 福建 福利
    基本 基地 基金 基础 基层 林区 林业 林地 晶体 朋友 正常 正规 正式 正门 正确 正义 贵族 允许 民办 民政 民族 民宿 民生 民工 喜欢 语音 语文
    美国 美容 美食 美发 美丽 仲裁 循环 金融 金额 金属 金色 成立 成功 成本 成年 成绩 成果 丰富 进入 进口 进度 进行 凡是 山上 山区 山庄 增加
    增设 增长 才能 东北 东部 东路 南路 北路 西路 容量 博士 海外 海鲜 海洋 海底 海关 权力 权利 权益 音乐 音响 功能 纳入 纳税 威胁 奇怪 辅导
    宣传 宣布 引导 引起 引进 艺术 艺校 思想 思维 河道 河边 河流 航空 航线 钢瓶 钢材 力量 恩施 岩石 伸手 迅速 武器 武装 罗马 素质 著名 烈士
    永远 远处 远程 学校 学生 学习 学院 家具 家庭 家园 家电 家长 康复 宝贝 春节 春季 秋季 冬季 冬天 燕窝 梅园 江边 江南 桂花 荣誉 兴趣 兴建";

/// Words that end with a surname: where one stands across the beginning of a name, the surname is more likely
/// the end of the word (伸|张正义).
const ACROSS_BEGINNING: &str = "
    伸张 主张 夸张 扩张 紧张 慌张 嚣张 开张 铺张 纸张 照顾 回顾 不顾 光顾 兼顾 感谢 谢谢 答谢 致谢 多谢 责任 主任 担任 信任 现任 前任
    放任 上任 胜任 委任 聘任 工程 课程 过程 流程 路程 规程 里程 日程 全程 章程 进程 庄严 尊严 威严 戒严 提高 升高 身高 增高 最高 太高 过高
    很高 更高 较高 拔高 跳高 支付 应付 交付 垫付 拨付 首付 对付 托付 偿付 给付 预付 缴付 代付 多余 业余 剩余 其余 岩石 沙石 砂石 碎石 矿石
    落石 阶段 手段 地段 路段 时段 片段 分段 长江 大陆 登陆 着陆 允许 也许 或许 准许 容许 特许 如何 为何 几何 人马 车马 斑马 罗马 骑马
    农田 种田 耕田 稻田 良田 江苏 复苏 不曾 未曾 何曾 容易 交易 贸易 轻易 简易 不易 水龙 沙龙 金钱 价钱 收钱 花钱 交钱 要钱 赚钱 没钱 有钱
    给钱 工钱 挣钱 明白 空白 雪白 地方 对方 官方 警方 校方 双方 甲方 乙方 男方 女方 各方 多方 资方 院方 厂方 我方 公安 治安 保安 西安 平安
    资金 现金 租金 押金 基金 奖金 定金 黄金 税金 本金 佣金 薪金 由于 关于 对于 属于 等于 位于 处于 至于 终于 用于 鉴于 基于 在于 过于 低于
    经常 正常 日常 非常 平常 异常 通常 时常 方向 朝向 公文 中文 发文 语文 作文 条文 子孙 室温 体温 高温 低温 保温 气温 水温 降温 供温 承包
    外包 钱包 面包 打包 书包 红包 发包 分包 转包 订单 工单 账单 名单 菜单 清单 简单 罚单 保单 买单 下单 刷单 有关 相关 机关 无关 海关 把关
    开关 完成 造成 形成 达成 赞成 组成 建成 变成 及时 平时 临时 当时 小时 按时 同时 随时 超时 检查 调查 审查 核查 抽查 巡查 排查 督查 侦查
    接连 大连 牵连 相连 加强 增强 坚强 反应 供应 相应 适应 回应 效应 响应 了解 理解 调解 缓解 讲解 化解 和解 误解 事项 选项 款项 专项 完毕
    健康 小康 安康 华夏 宁夏 山洪 防洪 泄洪 抗洪 儿童 学童 杨梅 森林 园林 树林 山林 农林 造林 吉林 桂林 扫黄 发黄 每周 上周 下周 本周 一周
    两周 四周 历史 园丁 树叶 落叶 茶叶 规范 示范 防范 师范 模范 分钟 秒钟 刚才 富饶 人才 钢管 水管 主管 监管 保管 城管 尽管 不管 消费 收费
    学费 水费 电费 免费 缴费 住房 购房 楼房 平房 商品房 厨房 政党 全国 中国 我国 祖国";

/// What may follow a name and what tells that it was none.
pub(super) static FOLLOWERS: LazyLock<Beginnings> = LazyLock::new(|| {
    Beginnings::new(&[(4, TITLES), (3, REPORTS), (3, PARTICULARS), (1, PLAIN), (-8, NOT_PERSONS)])
});

/// Words that a name may not end inside of.
pub(super) static WORDS_ACROSS: LazyLock<Beginnings> = LazyLock::new(|| Beginnings::new(&[(0, ACROSS)]));

/// Words that a name may not begin inside of.
pub(super) static WORDS_ACROSS_BEGINNING: LazyLock<Beginnings> =
    LazyLock::new(|| Beginnings::new(&[(0, ACROSS_BEGINNING)]));

/// Particulars of a person.
pub(super) static IDENTITY: LazyLock<Beginnings> = LazyLock::new(|| Beginnings::new(&[(3, PARTICULARS)]));

/// Forms of address that make a full name of what would be a surname and a given name: 王先生, 赵医生.
pub(super) static ADDRESSES: LazyLock<Beginnings> = LazyLock::new(|| {
    const OTHERS: &str = "
        总 工 某 总经理 总监 副 董事长 部长 处长 科长 镇长 乡长 县长 市长 区长 省长 站长 店长 厂长 园长 班长 组长 会长 董事 总裁 秘书 主管
        主席 老伯 老师傅 老头 老爷子 伯 伯父 伯母 叔 婶 姨 阿婆 婆婆 公公 嫂 嫂子 姐 哥 爷 奶 氏 姓 家人 家庭 家里 家的 家长 工长
        工头 警察 辅警 交警 法医 大人 女儿 小姑娘 姑娘 小伙 先森 女土 男士 师 教练 导游 店主 房东 业主 队 老弟 弟弟 妹妹 妹 弟";
    Beginnings::new(&[(0, TITLES), (0, OTHERS)])
});

/// Ordinary words, places, brands and persons in public memory that look like names.
pub(super) static ORDINARY: LazyLock<Beginnings> = LazyLock::new(|| {
    let lines = include_str!("../../../tables/not_names.txt").lines();
    Beginnings::new(&lines.filter(|line| !line.starts_with('#')).map(|line| (0, line)).collect::<Vec<_>>())
});

/// What may be entered where a name is asked for.
pub(super) fn is_placeholder(text: &str) -> bool {
    const PLACEHOLDERS: [&str; 35] = [
        "不详",
        "不明",
        "不便",
        "未知",
        "未填",
        "未提供",
        "不提供",
        "无",
        "匿名",
        "保密",
        "同上",
        "本人",
        "物业",
        "性别",
        "年龄",
        "地址",
        "单位",
        "职务",
        "备注",
        "号码",
        "业主",
        "市民",
        "群众",
        "热心市民",
        "居民",
        "村民",
        "先生",
        "女士",
        "游客",
        "网友",
        "家长",
        "学生",
        "老师",
        "如下",
        "电话",
    ];
    PLACEHOLDERS.contains(&text)
}
