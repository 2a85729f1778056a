//! Tickets as a dispatcher meets them, decided by the city of `docs/catalogue.md` with some rules more.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    dead_code,
    reason = "a test that meets the unexpected has failed"
)]

mod support;

use paidan_catalogue::{
    Catalogue, Decision, LabelPrediction, Outcome, Predictions, TaskPrediction, Visibility,
};
use paidan_text::Ticket;
use support::{catalogue, decide, decide_with, documented, lead};

const AT: &str = "2026-03-02 10:00";

/// The documented rules and these.
fn with_rules(rules: &str) -> Catalogue {
    let documented = documented().into_iter().find(|(name, _)| name == "rules.toml").unwrap().1;
    catalogue(&[("rules.toml", &format!("{documented}\n{rules}"))])
}

fn predicted(task: &str, labels: &[(&str, f32)]) -> Predictions {
    let label = |(label, probability): &(&str, f32)| LabelPrediction {
        label: (*label).to_owned(),
        name: None,
        probability: *probability,
    };
    Predictions {
        tasks: vec![TaskPrediction { task: task.to_owned(), labels: labels.iter().map(label).collect() }],
    }
}

fn result(decision: &Decision) -> String {
    format!("{} {}", decision.outcome.name(), lead(decision))
}

fn code(decision: &Decision) -> &str {
    decision.reasons.first().map_or("", |reason| reason.code)
}

fn candidates(decision: &Decision) -> Vec<&str> {
    decision.candidates.iter().map(|candidate| candidate.unit.code.as_str()).collect()
}

#[test]
fn places_choose_the_unit() {
    let catalogue = catalogue(&[]);
    for (text, address, expected) in [
        ("清河街道路灯不亮", None, "assign CJ-CG"),
        ("路灯不亮", Some("明湖区学府路9号"), "assign MH-CG"),
        ("澄江区的路灯不亮", Some("明湖区学府路9号"), "assign MH-CG"),
        ("人民路的路灯不亮", Some("明湖区"), "assign MH-CG"),
        ("我是明湖区居民，柳荫路路灯不亮", None, "assign CJ-CG"),
        ("澄江区与明湖区交界处路灯不亮", None, "review –"),
        ("云澜市路灯不亮", None, "review –"),
        ("人民路260号路灯不亮", None, "assign MH-CG"),
        ("澄江路灯不亮", None, "assign CJ-CG"),
        ("澄江大饭店门口路灯不亮", None, "review –"),
        ("路灯不亮", None, "review –"),
        ("停水了", None, "assign WS"),
        ("澄江区新开的翠竹路路灯不亮", None, "assign CJ-CG"),
    ] {
        let ticket = Ticket { address: address.map(str::to_owned), ..Ticket::new(text) };
        let decision = decide_with(&catalogue, &ticket, &Predictions::default(), AT);
        assert_eq!(result(&decision), expected, "{text} {address:?}\n{:#?}", decision.explanation);
    }
}

#[test]
fn the_model_speaks_where_no_rule_does() {
    let catalogue = catalogue(&[]);
    let text = "澄江区有人随意倾倒东西";
    let ask = |labels: &[(&str, f32)]| {
        decide_with(&catalogue, &Ticket::new(text), &predicted("department", labels), AT)
    };
    let sure = ask(&[("urban_management", 0.9), ("environment", 0.05)]);
    assert_eq!((result(&sure).as_str(), sure.probability), ("assign CJ-CG", Some(0.9)));
    let unsure = ask(&[("urban_management", 0.7), ("environment", 0.2)]);
    assert_eq!((result(&unsure).as_str(), code(&unsure)), ("review –", "below_threshold"));
    assert_eq!(candidates(&unsure), ["CJ-CG", "HB"]);
    let close = ask(&[("urban_management", 0.82), ("environment", 0.7)]);
    assert_eq!(code(&close), "small_lead");
    // A model trained on old units: the old name leads to the successor.
    let old = predicted("department", &[("澄江区城市管理局", 0.95)]);
    let decision = decide_with(&catalogue, &Ticket::new(text), &old, "2026-08-01 10:00");
    assert_eq!(result(&decision), "assign CJ-ZHZF");
    let unknown = ask(&[("navy", 0.95)]);
    assert_eq!((result(&unknown).as_str(), code(&unknown)), ("review –", "no_unit"));
}

#[test]
fn priority_then_specificity_then_a_person() {
    let rules = r#"
[[rule]]
id = "A"
when = { any = ["油烟"] }
then = { lead = "HB" }
[[rule]]
id = "B"
when = { any = ["烧烤"] }
then = { lead = "CG" }
[[rule]]
id = "C"
when = { all = ["油烟", "学校食堂"] }
then = { lead = "JY" }
[[rule]]
id = "D"
priority = 10
when = { any = ["机场烧烤"] }
then = { lead = "JW" }
"#;
    let catalogue = with_rules(rules);
    let conflict = decide(&catalogue, "楼下烧烤油烟很大", AT);
    assert_eq!((result(&conflict).as_str(), code(&conflict)), ("review –", "conflict"));
    assert_eq!(candidates(&conflict), ["HB", "CG"]);
    assert_eq!(result(&decide(&catalogue, "食堂油烟", AT)), "assign HB");
    assert_eq!(result(&decide(&catalogue, "学校食堂油烟很大", AT)), "assign JY");
    let airport = decide(&catalogue, "机场烧烤油烟很大", AT);
    assert_eq!(result(&airport), "assign JW");
    let lost: Vec<_> = airport.explanation.children.iter().filter(|node| node.kind == "lost_rule").collect();
    assert_eq!(lost.len(), 2, "{:#?}", airport.explanation);
    assert!(lost.iter().all(|node| node.text.contains("优先级")), "{lost:#?}");
    // The order in the file decides nothing.
    let turned: String = rules
        .split("[[rule]]")
        .skip(1)
        .collect::<Vec<_>>()
        .into_iter()
        .rev()
        .map(|rule| format!("[[rule]]{rule}"))
        .collect();
    assert_eq!(result(&decide(&with_rules(&turned), "楼下烧烤油烟很大", AT)), "review –");
}

#[test]
fn dates_are_those_of_receipt() {
    let catalogue = with_rules(
        r#"
[[rule]]
id = "old"
valid_to = 2025-12-31
when = { any = ["油烟"] }
then = { lead = "HB" }
[[rule]]
id = "new"
valid_from = 2026-01-01
when = { any = ["油烟"] }
then = { lead = "CG" }
[[rule]]
id = "winter"
when = { any = ["暖气不热"], season = ["11-15..03-15"] }
then = { lead = "GAS" }
"#,
    );
    let at = |text: &str, at: &str| result(&decide(&catalogue, text, at));
    assert_eq!(at("楼下油烟", "2025-12-31 23:00"), "assign HB");
    assert_eq!(at("楼下油烟", "2026-01-01"), "assign CG");
    assert_eq!(at("暖气不热", "2026-03-15"), "assign GAS");
    assert_eq!(at("暖气不热", "2026-03-16"), "review –");
    assert_eq!(at("工地半夜噪音很吵", "2026-03-02 23:10"), "assign HB");
    assert_eq!(at("工地白天噪音很吵", "2026-03-02 11:00"), "review –");
    let unknown = support::decide_with(&catalogue, &Ticket::new("楼下油烟"), &Predictions::default(), "");
    assert_eq!((result(&unknown).as_str(), code(&unknown)), ("review –", "undetermined"));
    let codes: Vec<&str> = unknown.diagnostics.iter().map(|diagnostic| diagnostic.code).collect();
    assert!(codes.contains(&"time_unknown") && codes.contains(&"undetermined"), "{codes:?}");
}

#[test]
fn emergencies_are_never_lost() {
    let catalogue = catalogue(&[]);
    let sure = predicted("department", &[("urban_management", 0.99)]);
    for text in [
        "楼道里煤气味很重，快派人来",
        "有人掉进河里了，快救人",
        "我不想活了，准备跳楼",
        "隔壁着火了，火很大",
        "法院已受理的房子着火了，火很大，快来人",
        "投诉城管局执法人员打人，现在有人被打得头破血流昏迷不醒",
    ] {
        let decision = decide_with(&catalogue, &Ticket::new(text), &sure, AT);
        assert_eq!(decision.outcome, Outcome::Escalate, "{text}");
        assert!(!decision.call.is_empty() && decision.ordinary.is_some(), "{text}");
        assert_eq!(decision.urgency.as_deref(), Some("特急"));
    }
    for text in ["去年小区着火，电线烧坏了，路灯不亮", "没有闻到煤气味，只是咨询燃气费"]
    {
        assert_ne!(decide(&catalogue, text, AT).outcome, Outcome::Escalate, "{text}");
    }
    let returned = Ticket { returns: vec!["CG".into(), "HB".into()], ..Ticket::new("家里煤气味很重") };
    assert_eq!(decide_with(&catalogue, &returned, &Predictions::default(), AT).outcome, Outcome::Escalate);
}

#[test]
fn the_complained_about_get_nothing() {
    let catalogue = with_rules(
        r#"
[[rule]]
id = "street"
when = { any = ["办事大厅"] }
then = { lead = { function = "local_government" } }
"#,
    );
    for (text, expected) in [
        ("投诉清河街道办工作人员在办事大厅推诿", "assign JW"),
        ("投诉区城管局执法人员收钱，占道经营不管，在澄江区", "assign JW"),
        ("澄江区城市管理局队长辱骂群众，占道经营没人管", "assign JW"),
        ("投诉市城管局不作为，澄江区占道经营", "assign JW"),
        ("市纪委工作人员态度恶劣，办事大厅在清河街道", "review –"),
    ] {
        let decision = decide(&catalogue, text, AT);
        assert_eq!(decision.visibility, Visibility::Restricted, "{text}\n{:#?}", decision.explanation);
        assert!(result(&decision) == expected || text.contains("市纪委"), "{text}: {}", result(&decision));
        let named =
            decision.candidates.iter().map(|c| &c.unit).chain(&decision.support).chain(&decision.lead);
        let codes: Vec<&str> = named.map(|unit| unit.code.as_str()).collect();
        let barred: &[&str] = if text.contains("城") { &["CG", "CJ-CG", "CJ-ZHZF"] } else { &["QH"] };
        let barred = if text.contains("市纪委") { &["JW"] } else { barred };
        assert!(!codes.iter().any(|code| barred.contains(code)), "{text}: {codes:?}");
    }
    for text in
        ["多次向城管局反映柳荫路占道经营", "希望城管局处理柳荫路占道经营", "柳荫路占道经营，请区城管局来人"]
    {
        let decision = decide(&catalogue, text, AT);
        assert_eq!(
            (result(&decision).as_str(), decision.visibility),
            ("assign CJ-CG", Visibility::Ordinary),
            "{text}"
        );
    }
}

#[test]
fn sensitive_matters_are_restricted() {
    let catalogue = with_rules(
        r#"
[[rule]]
id = "street"
when = { any = ["家暴"] }
then = { lead = { function = "local_government" } }
[[rule]]
id = "note"
when = { any = ["举报人信息"] }
then = { restrict = "举报人保密" }
"#,
    );
    let bullied = decide(&catalogue, "我女儿在小学被同学欺凌，老师不管", AT);
    assert_eq!((result(&bullied).as_str(), bullied.visibility), ("assign JY", Visibility::Restricted));
    let home = decide(&catalogue, "清河街道有人长期家暴妻子", AT);
    assert_eq!(home.visibility, Visibility::Restricted);
    assert_ne!(lead(&home), "QH");
    let school = decide(&catalogue, "孩子上小学学区怎么划分", AT);
    assert_eq!((result(&school).as_str(), school.visibility), ("assign JY", Visibility::Ordinary));
    assert_eq!(decide(&catalogue, "停水，请保密举报人信息", AT).visibility, Visibility::Restricted);
}

#[test]
fn returns_exclude_and_then_ask() {
    let catalogue = with_rules(
        r#"
[[rule]]
id = "A"
priority = 5
when = { any = ["油烟"] }
then = { lead = "HB" }
[[rule]]
id = "B"
when = { any = ["油烟"] }
then = { lead = "CG" }
"#,
    );
    let with = |returns: &[&str], text: &str| {
        let returns = returns.iter().map(|unit| (*unit).to_owned()).collect();
        let ticket = Ticket { returns, ..Ticket::new(text) };
        decide_with(&catalogue, &ticket, &Predictions::default(), AT)
    };
    assert_eq!(result(&with(&[], "楼下油烟")), "assign HB");
    assert_eq!(result(&with(&["HB"], "楼下油烟")), "assign CG");
    assert_eq!(result(&with(&["环保局"], "楼下油烟")), "assign CG");
    let twice = with(&["HB", "CG"], "楼下油烟");
    assert_eq!((result(&twice).as_str(), code(&twice)), ("review –", "returned"));
    assert!(!candidates(&twice).contains(&"HB"));
    // What the district returned does not slip to the unit above it.
    assert_eq!(result(&with(&["CJ-CG"], "柳荫路路灯不亮")), "review –");
    let gone = with(&["WS"], "停水");
    assert_eq!(result(&gone), "review –");
}

#[test]
fn grassroots_never_get_what_is_forbidden() {
    let catalogue = with_rules(
        r#"
[[rule]]
id = "to-street"
priority = 900
when = { any = ["占道经营"], area = ["清河街道"] }
then = { lead = "QH", support = ["BS"] }
"#,
    );
    let all = predicted("department", &[("local_government", 0.99)]);
    let decision = decide_with(&catalogue, &Ticket::new("清河街道占道经营"), &all, AT);
    assert_eq!(result(&decision), "assign CJ-CG");
    let named = decision.candidates.iter().map(|c| c.unit.code.as_str());
    assert!(
        named
            .chain(decision.support.iter().map(|unit| unit.code.as_str()))
            .all(|code| !["QH", "BS"].contains(&code))
    );
    let lost =
        decision.explanation.children.iter().find(|node| node.id.as_deref() == Some("to-street")).unwrap();
    assert!(lost.text.contains("R-04"), "{lost:?}");
}

#[test]
fn words_have_limits_where_the_rule_says_so() {
    let catalogue = with_rules(
        r#"
[[rule]]
id = "meter"
when = { any = ["水表"] }
then = { lead = "WS" }
[[rule]]
id = "leak"
when = { any = ["漏水"], not_negated = true, not_past = true }
then = { lead = "WS" }
[[rule]]
id = "fire-insurance"
when = { any = ["火灾"], not_inside = ["火灾险"] }
then = { lead = "HB" }
[[rule]]
id = "regex"
when = { regex = ["第\\d+路公交"] }
then = { lead = "JY" }
"#,
    );
    for (text, expected) in [
        ("广场洒水表演太吵", "review –"),
        ("家里水表坏了", "assign WS"),
        ("楼上漏水", "assign WS"),
        ("楼上并没有漏水", "review –"),
        ("去年漏水", "review –"),
        ("咨询火灾险理赔", "review –"),
        ("第12路公交不停站", "assign JY"),
        ("楼上ＡＢ座漏水", "assign WS"),
        ("樓上漏水", "assign WS"),
    ] {
        assert_eq!(result(&decide(&catalogue, text, AT)), expected, "{text}");
    }
}

#[test]
fn nothing_is_said_or_not_in_chinese() {
    let catalogue = catalogue(&[]);
    for (text, expected) in [
        ("你好", "no_content"),
        ("。。。！！", "no_content"),
        ("Street lamp broken, please repair", "not_chinese"),
        ("Фонарь не работает", "not_chinese"),
    ] {
        let decision = decide(&catalogue, text, AT);
        assert_eq!((decision.outcome, code(&decision)), (Outcome::Review, expected), "{text}");
    }
}

#[test]
fn what_is_not_acceptable_is_guided() {
    let catalogue = catalogue(&[]);
    let decision = decide(&catalogue, "柳荫路占道经营的处罚，我已经起诉", AT);
    assert_eq!((result(&decision).as_str(), decision.deadline), ("guide –", None));
    assert!(decision.guidance[0].contains("受理机关"));
}

/// Texts and the units that their demands go to; one unit where it is one ticket.
const DEMANDS: [(&str, &[&str]); 24] = [
    ("柳荫路路灯不亮。另外金桂花园停水两天", &["CJ-CG", "WS"]),
    ("1、柳荫路路灯坏了；2、金桂花园没有水", &["CJ-CG", "WS"]),
    ("一是学府路占道经营，二是小学门口很乱", &["MH-CG", "JY"]),
    ("反映两件事：第一，停水；第二，柳荫路流动摊贩", &["WS", "CJ-CG"]),
    ("停水三天，还有学府路路灯不亮", &["WS", "MH-CG"]),
    ("柳荫路路灯不亮。金桂花园停水。", &["CJ-CG", "WS"]),
    ("学府路路灯不亮，此外小学老师乱收费", &["MH-CG", "JY"]),
    ("柳荫路占道经营，同时水压低", &["CJ-CG", "WS"]),
    ("①停水②柳荫路路灯损坏③小学补课", &["WS", "CJ-CG", "JY"]),
    ("首先是停水，其次学府路流动摊贩很多", &["WS", "MH-CG"]),
    ("柳荫路路灯不亮，老人出门危险。希望尽快修", &["CJ-CG"]),
    ("停水两天。打过电话没人管。请尽快恢复", &["WS"]),
    ("停水。水压低。没有水洗澡", &["WS"]),
    ("柳荫路路灯坏了。学府路路灯也坏了", &["CJ-CG", "MH-CG"]),
    ("柳荫路占道经营，流动摊贩很多，另外晚上也有占道经营", &["CJ-CG"]),
    ("1、停水；2、停水没有通知", &["WS"]),
    ("小学老师态度差，另外孩子的学校食堂不好", &["JY"]),
    ("柳荫路路灯不亮，还有蚊子", &["CJ-CG"]),
    ("另外问一下停水什么时候恢复", &["WS"]),
    ("您好。停水。谢谢", &["WS"]),
    ("柳荫路的路灯不亮！！！请尽快处理，谢谢！", &["CJ-CG"]),
    ("我住金桂花园。停水一周了。去自来水公司问过。", &["WS"]),
    ("小学门口停水", &["WS"]),
    ("学府路占道经营；清河街道柳荫路占道经营", &["MH-CG", "CJ-CG"]),
];

#[test]
fn demands_for_different_units_are_parted() {
    let catalogue = catalogue(&[]);
    let mut wrong = Vec::new();
    for (text, expected) in DEMANDS {
        let decision = decide(&catalogue, text, AT);
        let leads: Vec<&str> = match decision.demands.as_slice() {
            [] => vec![lead(&decision)],
            demands => demands.iter().map(|demand| lead(&demand.decision)).collect(),
        };
        if leads != expected {
            wrong.push(format!("{text}: expected {expected:?}, found {leads:?}"));
        }
        let chars = text.chars().count();
        assert!(decision.demands.iter().all(|demand| demand.start < demand.end && demand.end <= chars));
    }
    assert!(wrong.len() <= 1, "{wrong:#?}");
}

#[test]
fn the_same_ticket_is_decided_the_same_again() {
    let catalogue = catalogue(&[]);
    let predictions = predicted("department", &[("urban_management", 0.5), ("gas", 0.4)]);
    let ticket = Ticket::new("人民路路灯不亮，停水，小学门口占道经营");
    let first = decide_with(&catalogue, &ticket, &predictions, AT);
    for _ in 0..3 {
        assert_eq!(decide_with(&self::catalogue(&[]), &ticket, &predictions, AT), first);
    }
}
