use std::fs;
use std::path::Path;
use std::sync::Arc;

use paidan_text::{Dictionary, JiebaSegmenter, TextPipeline, Ticket};

use super::*;
use crate::heads::{Head, Heads, LinearHead, SparseHead};
use crate::train::{Dataset, Example, TrainSettings, Trainer};
use crate::{Answer, CandidateRule, Model, Profile, Promise, RiskControl, Silent, TaskKind, Thresholds};

fn pipeline() -> TextPipeline {
    TextPipeline::new(Arc::new(JiebaSegmenter::new(&Dictionary::default())))
}

fn model(pipeline: &TextPipeline) -> Model {
    let mut dataset = Dataset::new(["matter"]).unwrap();
    for i in 0..40 {
        let (text, label) =
            if i % 2 == 0 { ("路灯不亮了", "市政") } else { ("小区停水了", "供水") };
        let ticket = pipeline.prepare_ticket(&Ticket::new(format!("{text}，第{i}次反映")));
        dataset.push(ticket, Example { labels: vec![Some(label.to_owned())], ..Example::default() });
    }
    let trainer = Trainer::new(TrainSettings::default());
    trainer.fit(&dataset, &Dictionary::parse("路灯 100 n").unwrap(), pipeline.segmenter(), &Silent).unwrap()
}

fn load_error(folder: &Path) -> String {
    Model::load(folder).unwrap_err().to_string()
}

#[test]
fn a_saved_model_answers_the_same() {
    let pipeline = pipeline();
    let model = model(&pipeline);
    let home = tempfile::tempdir().unwrap();
    let folder = home.path().join("bundle");
    model.save(&folder).unwrap();
    let loaded = Model::load(&folder).unwrap();
    let ticket = pipeline.prepare_ticket(&Ticket::new("我家停水"));
    assert_eq!(loaded.probabilities(&ticket), model.probabilities(&ticket));
    assert_eq!(loaded.dictionary(), model.dictionary());
    assert_eq!(loaded.summary(), model.summary());
    // Saving over a bundle replaces it and leaves nothing else behind.
    model.save(&folder).unwrap();
    assert_eq!(fs::read_dir(home.path()).unwrap().count(), 1);
    assert_eq!(fs::read_dir(&folder).unwrap().count(), 4);
}

/// A bundle keeps thresholds of both kinds, with what they promise.
#[test]
fn keeps_what_was_promised() {
    let mut model = model(&pipeline());
    let answer =
        |i: u32| Answer { label: i % 2, probability: 1.0 - i as f32 / 500.0, right: !i.is_multiple_of(9) };
    let answers: Vec<Answer> = (0..100).map(answer).collect();
    let home = tempfile::tempdir().unwrap();
    let folder = home.path().join("bundle");
    let candidates = CandidateRule::for_scores(0.9, 0.9, &[0.25; 50]).rule();
    assert!(candidates.is_some());
    for thresholds in [
        Thresholds::Pooled(Some(0.75)),
        Thresholds::Pooled(None),
        Thresholds::PerLabel { labels: [(0, Some(0.5)), (1, None)].into(), others: None },
        Thresholds::PerLabel { labels: [].into(), others: Some(0.25) },
    ] {
        let promise = Some(Promise::new(0.95, 0.9).unwrap());
        let reference = Profile::reference(2, &answers);
        for risk in [
            RiskControl { thresholds: thresholds.clone(), promise, candidates, reference },
            RiskControl { thresholds, ..RiskControl::default() },
        ] {
            assert!(model.set_risk("matter", risk.clone()) && !model.set_risk("other", risk.clone()));
            model.save(&folder).unwrap();
            assert_eq!(*Model::load(&folder).unwrap().tasks()[0].risk(), risk);
        }
    }
}

/// Paths, sets and sparse heads come back as they went in, and only they need the newer format.
#[test]
fn keeps_paths_sets_and_sparse_heads() {
    let pipeline = pipeline();
    let mut dataset = Dataset::new(["category", "support", "matter"]).unwrap();
    dataset.set_kind("category", TaskKind::Path);
    dataset.set_kind("support", TaskKind::Set);
    for i in 0..40 {
        let (text, path, set, label) = if i % 2 == 0 {
            ("路灯不亮了", "城管 > 照明", "供电;城管", "市政")
        } else {
            ("小区停水了", "供水", "[]", "供水")
        };
        let ticket = pipeline.prepare_ticket(&Ticket::new(format!("{text}，第{i}次反映")));
        let labels = [path, set, label].map(|label| Some(label.to_owned())).to_vec();
        dataset.push(ticket, Example { labels, ..Example::default() });
    }
    let trainer = Trainer::new(TrainSettings::default());
    let mut model = trainer.fit(&dataset, &Dictionary::default(), pipeline.segmenter(), &Silent).unwrap();
    let ticket = pipeline.prepare_ticket(&Ticket::new("我家停水"));
    let dense = model.probabilities(&ticket);
    let heads = (0..3).map(|task| match model.heads.head(task) {
        Head::Dense(head) if task == 0 => Head::Sparse(sparse(&head)),
        head => head,
    });
    model.heads = Heads::new(heads.collect());
    assert_eq!(model.probabilities(&ticket), dense);
    let home = tempfile::tempdir().unwrap();
    let folder = home.path().join("bundle");
    model.save(&folder).unwrap();
    let loaded = Model::load(&folder).unwrap();
    assert_eq!((loaded.probabilities(&ticket), loaded.format_version()), (dense, 2));
    let kinds: Vec<TaskKind> = loaded.tasks().iter().map(|task| task.kind()).collect();
    assert_eq!(kinds, [TaskKind::Path, TaskKind::Set, TaskKind::Label]);
    assert_eq!(loaded.tasks()[1].set_threshold(), model.tasks()[1].set_threshold());
    for (from, to, said) in [
        ("\"kind\": \"path\"", "\"kind\": \"graph\"", "found `graph`: use a newer paidan"),
        ("\"kind\": \"set\"", "\"kind\": \"label\"", "for sets only"),
        ("\"sigmoids\": [", "\"sigmoids\": [[1.0, 2.0],", "for sets only"),
    ] {
        model.save(&folder).unwrap();
        edit(&folder, from, to);
        let error = load_error(&folder);
        assert!(error.contains(said), "{error}");
    }
}

/// The same head with its zeros left out.
fn sparse(head: &LinearHead) -> SparseHead {
    let mut sparse =
        SparseHead { scales: head.scales.clone(), bias: head.bias.clone(), ..SparseHead::default() };
    for row in head.weights.chunks(head.classes()) {
        for (class, weight) in row.iter().enumerate().filter(|(_, weight)| **weight != 0) {
            sparse.classes.push(class as u16);
            sparse.weights.push(*weight);
        }
        sparse.ends.push(sparse.classes.len() as u32);
    }
    sparse
}

#[test]
fn refuses_to_replace_what_is_no_bundle() {
    let home = tempfile::tempdir().unwrap();
    fs::write(home.path().join("letter.txt"), "mine").unwrap();
    let error = model(&pipeline()).save(home.path()).unwrap_err().to_string();
    assert!(error.contains("is no bundle"), "{error}");
    assert!(home.path().join("letter.txt").exists());

    let folder = home.path().join("bundle");
    model(&pipeline()).save(&folder).unwrap();
    fs::write(folder.join("card.md"), "mine").unwrap();
    let error = Model::check_target(&folder).unwrap_err().to_string();
    assert!(error.contains("holds `card.md`"), "{error}");
    let error = Model::check_target(home.path().join("no/where")).unwrap_err().to_string();
    assert!(error.contains("does not exist"), "{error}");
}

/// Each damage is done to a fresh bundle and must be named.
#[test]
fn refuses_every_damage() {
    let model = model(&pipeline());
    type Damage = (&'static str, fn(&Path), &'static str);
    let damages: &[Damage] = &[
        ("no folder", |folder| fs::remove_dir_all(folder).unwrap(), "manifest.json"),
        ("no manifest", |folder| fs::remove_file(folder.join(MANIFEST)).unwrap(), "manifest.json"),
        ("no heads", |folder| fs::remove_file(folder.join(HEADS)).unwrap(), "heads.safetensors"),
        ("empty manifest", |folder| fs::write(folder.join(MANIFEST), "").unwrap(), "ends too early"),
        ("not JSON", |folder| fs::write(folder.join(MANIFEST), "PK\u{3}").unwrap(), "not JSON"),
        ("foreign JSON", |folder| fs::write(folder.join(MANIFEST), "{\"a\": 1}").unwrap(), "missing"),
        (
            "newer",
            |folder| edit(folder, "\"format_version\": 1", "\"format_version\": 3"),
            "found 3: use a newer",
        ),
        ("other segmenter", |folder| edit(folder, "\"jieba\"", "\"other\""), "expected segmenter `jieba`"),
        (
            "wild calibration",
            |folder| edit(folder, "\"sharpness\": ", "\"sharpness\": 9999"),
            "manifest.json",
        ),
        ("label twice", |folder| edit(folder, "\"市政\"", "\"供水\""), "stands twice"),
        (
            "task renamed",
            |folder| edit(folder, "\"name\": \"matter\"", "\"name\": \"../x\""),
            "expected a task name of letters",
        ),
        (
            "path outside",
            |folder| edit(folder, "\"heads.safetensors\"", "\"../heads.safetensors\""),
            "does not list",
        ),
        ("bit flipped", |folder| flip(&folder.join(HEADS)), "SHA-256 differs"),
        ("word changed", |folder| flip(&folder.join(VOCABULARY)), "SHA-256 differs"),
        ("truncated", |folder| truncate(&folder.join(HEADS)), "copy the bundle again"),
        ("lying size", |folder| edit(folder, "\"size\": ", "\"size\": 9999999999"), "expected at most"),
        (
            "lying hash of junk",
            |folder| forge(folder, HEADS, b"\xff\xff\xff\xff\xff\xff\xff\x7f{}"),
            "heads.safetensors",
        ),
        ("idf beyond bounds", blow_up_idf, "expected values from 0 to"),
        ("vocabulary cut", |folder| forge(folder, VOCABULARY, HEADLESS), "heading"),
        ("other vocabulary", |folder| forge(folder, VOCABULARY, SMALL.as_bytes()), "expected F32 [1]"),
        ("bad dictionary", |folder| forge(folder, DICTIONARY, "路灯 x".as_bytes()), "dictionary line 1"),
        ("not UTF-8", |folder| forge(folder, DICTIONARY, b"\xc2\xb7\xb5"), "expected UTF-8"),
    ];
    for (name, damage, said) in damages {
        let home = tempfile::tempdir().unwrap();
        let folder = home.path().join("bundle");
        model.save(&folder).unwrap();
        damage(&folder);
        let error = load_error(&folder);
        assert!(error.contains(said), "{name}: {error}");
    }
}

#[cfg(unix)]
#[test]
fn refuses_links() {
    let home = tempfile::tempdir().unwrap();
    let folder = home.path().join("bundle");
    model(&pipeline()).save(&folder).unwrap();
    fs::rename(folder.join(HEADS), home.path().join(HEADS)).unwrap();
    std::os::unix::fs::symlink(home.path().join(HEADS), folder.join(HEADS)).unwrap();
    assert!(load_error(&folder).contains("expected a plain file"));
}

const HEADLESS: &[u8] = b"c\tx\n";
const SMALL: &str =
    "# paidan vocabulary: one n-gram a line, c = characters, w = words, t = of the title\nc\t路\n";

fn edit(folder: &Path, from: &str, to: &str) {
    let path = folder.join(MANIFEST);
    let text = fs::read_to_string(&path).unwrap();
    assert!(text.contains(from), "{from}");
    fs::write(path, text.replacen(from, to, 1)).unwrap();
}

fn flip(path: &Path) {
    let mut bytes = fs::read(path).unwrap();
    let last = bytes.len() - 1;
    bytes[last] ^= 1;
    fs::write(path, bytes).unwrap();
}

fn truncate(path: &Path) {
    let bytes = fs::read(path).unwrap();
    fs::write(path, &bytes[..bytes.len() / 2]).unwrap();
}

/// Writes the largest float there is as the first weight of `idf`, under a right hash.
fn blow_up_idf(folder: &Path) {
    let mut bytes = fs::read(folder.join(HEADS)).unwrap();
    let header = u64::from_le_bytes(bytes[..8].try_into().unwrap()) as usize;
    let json: serde_json::Value = serde_json::from_slice(&bytes[8..8 + header]).unwrap();
    let start = 8 + header + json["idf"]["data_offsets"][0].as_u64().unwrap() as usize;
    bytes[start..start + 4].copy_from_slice(&f32::MAX.to_le_bytes());
    forge(folder, HEADS, &bytes);
}

/// Puts other content under a right hash, as somebody who means harm would.
fn forge(folder: &Path, name: &str, content: &[u8]) {
    let path = folder.join(MANIFEST);
    let mut manifest: serde_json::Value = serde_json::from_slice(&fs::read(&path).unwrap()).unwrap();
    manifest["files"][name] = serde_json::json!({"sha256": files::sha256(content), "size": content.len()});
    fs::write(path, serde_json::to_vec(&manifest).unwrap()).unwrap();
    fs::write(folder.join(name), content).unwrap();
}
