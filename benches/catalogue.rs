//! What it takes to dispatch by a catalogue of 800 rules and 5,000 areas, without a model, on one thread.

use std::error::Error;
use std::fmt::Write as _;
use std::path::Path;
use std::sync::Arc;

use criterion::{Criterion, Throughput};
use paidan::Ticket;
use paidan::catalogue::{Catalogue, Outcome, Predictions, Request};
use paidan_text::{Dictionary, JiebaSegmenter, PreparedTicket, TextPipeline};

const DISTRICTS: usize = 10;
const STREETS: usize = 15;
/// With the city, districts and streets 5,000 areas.
const COMMUNITIES: usize = 4_839;
const RULES: usize = 800;
const TICKETS: usize = 1000;

/// A syllable for each number, so that names are written as people write them.
fn syllable(number: usize) -> char {
    "江河湖海山川林泉云霞松柏梅兰竹菊桃李杏梨春夏秋冬东西南北金银玉石光明和平安康福寿喜乐新兴盛昌"
        .chars()
        .nth(number % 44)
        .unwrap_or('江')
}

fn name(number: usize) -> String {
    [syllable(number), syllable(number / 44 + 7), syllable(number / 1936 + 19)].into_iter().collect()
}

fn areas() -> Result<String, std::fmt::Error> {
    let mut table = "code,name,level,parent,aliases,landmarks\nC,云澜市,city,,,\n".to_owned();
    for district in 0..DISTRICTS {
        writeln!(table, "D{district},{}区,district,C,,", name(district))?;
        for street in 0..STREETS {
            let number = 100 + district * STREETS + street;
            let road = name(number + 300);
            writeln!(
                table,
                "S{district}-{street},{}街道,street,D{district},,{road}路;{road}花园",
                name(number)
            )?;
        }
    }
    for community in 0..COMMUNITIES {
        let (district, street) = (community % DISTRICTS, community / DISTRICTS % STREETS);
        let own = name(1000 + community);
        writeln!(table, "K{community},{own}社区,community,S{district}-{street},,{own}里")?;
    }
    Ok(table)
}

fn units() -> Result<String, std::fmt::Error> {
    let mut table = "code,name,function,area,level,parent,aliases\n".to_owned();
    for function in 0..20 {
        writeln!(table, "U{function},{}局,f{function},C,city,,", name(function + 40))?;
        for district in 0..DISTRICTS {
            let of = name(district);
            writeln!(
                table,
                "U{function}-{district},{of}区{}局,f{function},D{district},district,U{function},",
                name(function + 40)
            )?;
        }
    }
    Ok(table)
}

fn rules() -> Result<String, std::fmt::Error> {
    let mut text = String::new();
    for rule in 0..RULES {
        let (a, b, c) = (name(3 * rule + 5), name(3 * rule + 6), name(3 * rule + 7));
        write!(
            text,
            "[[rule]]\nid = \"R{rule}\"\npriority = {}\nbasis = \"b\"\nwhen = {{ any = [\"{a}坏了\", \"{b}不通\", \
             \"{c}太吵\"], none = [\"{a}费\"], not_negated = true }}\nthen = {{ lead = {{ function = \"f{}\" }} }}\n",
            rule % 7,
            rule % 20
        )?;
    }
    Ok(text)
}

fn write(folder: &Path) -> Result<(), Box<dyn Error>> {
    for (name, content) in [
        ("areas.csv", areas()?),
        ("units.csv", units()?),
        ("rules.toml", rules()?),
        ("deadlines.toml", "[[deadline]]\nworking_days = 5\n".to_owned()),
        ("escalations.toml", String::new()),
        ("settings.toml", String::new()),
    ] {
        std::fs::write(folder.join(name), content)?;
    }
    Ok(())
}

/// Tickets of about 40 characters as they come by phone; every fourth fits no rule.
fn tickets() -> Vec<Ticket> {
    let text = |number: usize| {
        let road = name(400 + number % (DISTRICTS * STREETS));
        let matter = match number % 4 {
            0 => "有一棵树倒了".to_owned(),
            _ => format!("{}坏了", name(3 * (number % RULES) + 5)),
        };
        format!("市民来电反映{road}路附近{matter}，已经一个星期没有人来处理，希望有关部门尽快解决，谢谢")
    };
    (0..TICKETS).map(|number| Ticket::new(text(number))).collect()
}

fn main() -> Result<(), Box<dyn Error>> {
    let folder = tempfile::tempdir()?;
    write(folder.path())?;
    let catalogue = Catalogue::load(folder.path())?;
    let pipeline = TextPipeline::new(Arc::new(JiebaSegmenter::new(&Dictionary::hotline())));
    let tickets = tickets();
    let prepared: Vec<PreparedTicket> =
        tickets.iter().map(|ticket| pipeline.prepare_ticket(ticket)).collect();
    let none = Predictions::default();
    let assigned = || {
        let decide = |(ticket, prepared): (&Ticket, &PreparedTicket)| {
            let request = Request { ticket, prepared, predictions: &none, at: Some("2026-03-02 10:00") };
            catalogue.decide(&request).outcome
        };
        let outcomes = tickets.iter().zip(&prepared).map(decide);
        outcomes.filter(|outcome| *outcome == Outcome::Assign).count()
    };
    let expected = assigned();
    assert!((TICKETS / 2..TICKETS * 4 / 5).contains(&expected), "{expected} of {TICKETS} assigned");

    let mut criterion = Criterion::default().configure_from_args();
    let mut group = criterion.benchmark_group("catalogue, 800 rules, 5000 areas");
    group.throughput(Throughput::Elements(TICKETS as u64));
    group.bench_function("decide", |bencher| bencher.iter(|| assert_eq!(assigned(), expected)));
    group.throughput(Throughput::Elements(1));
    group.sample_size(10);
    group.bench_function("lint", |bencher| {
        bencher.iter(|| {
            let findings = Catalogue::lint(folder.path(), Some("2026-03-02"));
            assert!(findings.iter().all(|finding| finding.severity == paidan::catalogue::Severity::Warning));
        });
    });
    group.finish();
    criterion.final_summary();
    Ok(())
}
