//! A bundle with an encoder: training with one, what the bundle carries, and what is said of one that is damaged.
#![cfg(feature = "encoder")]

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use serde_json::Value;
use tempfile::TempDir;

use crate::support::{Folder, complaints, csv, json, json_lines, keys, model, paidan};

/// A random BERT of 32 numbers.
const BERT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../paidan-encoder/tests/fixtures/bert-erf");
/// A random ALBERT.
const ALBERT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../paidan-encoder/tests/fixtures/albert");
/// What of a folder goes into a bundle: what was read, not the `expected.*` of the tests.
const FILES: [&str; 6] = [
    "1_Pooling/config.json",
    "config.json",
    "model.safetensors",
    "modules.json",
    "tokenizer.json",
    "tokenizer_config.json",
];

/// A bundle with an encoder, trained on 216 complaints.
fn encoded() -> &'static Path {
    static TRAINED: LazyLock<(TempDir, PathBuf)> = LazyLock::new(|| {
        let folder = tempfile::tempdir().unwrap();
        let data = folder.path().join("history.csv");
        fs::write(&data, csv(&complaints(216))).unwrap();
        let model = folder.path().join("model");
        paidan!["train", "--data", data, "--label", "type=type", "--label", "department=department"]
            .args(["--encoder".as_ref(), BERT.as_ref(), "--out".as_ref(), model.as_os_str()])
            // Random weights help nobody; here they are to be seen in the answers.
            .args(["--encoder-weight", "type=0.5", "--encoder-weight", "department=0.5"])
            .done();
        (folder, model)
    });
    &TRAINED.1
}

/// A copy of `from` with all its folders.
fn copy(from: &Path, to: &Path) {
    fs::create_dir(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).unwrap();
        }
    }
}

fn manifest(bundle: &Path) -> Value {
    serde_json::from_slice(&fs::read(bundle.join("manifest.json")).unwrap()).unwrap()
}

#[test]
fn the_bundle_carries_the_encoder() {
    let bundle = encoded();
    let manifest = manifest(bundle);
    assert_eq!(manifest["format_version"], 2);
    let listed: Vec<&str> =
        keys(&manifest["files"]).into_iter().filter_map(|name| name.strip_prefix("encoder/")).collect();
    assert_eq!(listed, FILES);
    for name in FILES {
        let original = fs::read(Path::new(BERT).join(name)).unwrap();
        assert_eq!(fs::read(bundle.join("encoder").join(name)).unwrap(), original, "{name}");
    }
    let info = json(&paidan!["info", "--model", bundle, "--json"].done());
    assert_eq!(info["format_version"], 2);
    assert_eq!((&info["encoder"]["kind"], &info["encoder"]["width"]), (&"transformer".into(), &32.into()));
    assert_eq!(keys(&info["training"]["encoder"]["weights"]), ["department", "type"]);
    assert!(info["bytes"].as_u64().unwrap() > info["encoder"]["bytes"].as_u64().unwrap());
    assert!(paidan!["info", "--model", bundle].done().contains("编码器 32 维"));
    // A bundle without an encoder stays in the format that older programs read.
    let info = json(&paidan!["info", "--model", model(), "--json"].done());
    assert_eq!((&info["format_version"], &info["encoder"]), (&1.into(), &Value::Null));
}

#[test]
fn an_encoder_that_knows_nothing_is_left_out_unless_asked_for() {
    let folder = Folder::new();
    let data = folder.file("d.csv", csv(&complaints(72)));
    let train = |name: &str, encoder: &[&str]| {
        let out = folder.join(name);
        paidan!["train", "--data", data, "--label", "department=department", "--out", out]
            .args(encoder)
            .done();
        paidan!["predict", "--model", out, "--data", data].done()
    };
    let lexical = train("none", &["--encoder", "none"]);
    assert!(lexical == train("chosen", &["--encoder", BERT]));
    assert!(lexical != train("asked", &["--encoder", BERT, "--encoder-weight", "department=1"]));
    let said = paidan!["train", "--data", data, "--label", "type=type", "--encoder-weight", "type=11"]
        .args(["--out".as_ref(), folder.join("new").as_os_str()])
        .refused();
    assert!(said.contains("0 to 10"), "{said}");
    let said = paidan!["train", "--data", data, "--label", "type=type", "--encoder-weight", "topic=1"]
        .args(["--out".as_ref(), folder.join("new").as_os_str()])
        .refused();
    assert!(said.contains("`topic`"), "{said}");
}

#[test]
fn every_verb_reads_with_the_encoder() {
    let folder = Folder::new();
    let data = folder.file("d.csv", csv(&complaints(300)));
    let lines = json_lines(&paidan!["predict", "--model", encoded(), "--data", data].done());
    assert_eq!(lines.len(), 300);
    let told = paidan!["evaluate", "--model", encoded(), "--data", data, "--json"]
        .args(["--label", "type=type", "--label", "department=department"])
        .done();
    assert!(json(&told)["tasks"]["department"]["accuracy"].as_f64().unwrap() > 0.9, "{told}");
    let told = paidan!["dispatch", "--model", encoded(), "--json", "--text", "路灯坏了，夜里漆黑一片"].done();
    let evidence = &json(&told)["explanation"]["evidence"];
    assert!(evidence[0]["embedding"].is_number(), "{evidence}");
    // Without an encoder there is nothing to say of it.
    let told = paidan!["dispatch", "--model", model(), "--json", "--text", "路灯坏了"].done();
    assert_eq!(json(&told)["explanation"]["evidence"][0]["embedding"], Value::Null);
}

#[test]
fn a_row_alone_is_read_as_among_others_on_any_number_of_threads() {
    let folder = Folder::new();
    let all = complaints(300);
    let data = folder.file("d.csv", csv(&all));
    let predict =
        |threads: &str| paidan!["predict", "--model", encoded(), "--data", data, "--threads", threads].done();
    let one = predict("1");
    assert!(one == predict("2") && one == predict("5"));
    let lines: Vec<&str> = one.lines().collect();
    for i in [0, 255, 256, 299] {
        let told = paidan!["predict", "--model", encoded(), "--data", "-"].stdin(csv(&all[i..=i])).done();
        assert_eq!(told.trim_end(), lines[i]);
    }
}

#[test]
fn the_same_data_and_encoder_give_the_same_bundle_on_any_number_of_threads() {
    let folder = Folder::new();
    let data = folder.file("d.csv", csv(&complaints(72)));
    let train = |name: &str, threads: &str| {
        let out = folder.join(name);
        paidan!["train", "--data", data, "--label", "type=type", "--encoder", BERT, "--out", out]
            .args(["--encoder-weight", "type=0.5", "--threads", threads])
            .done();
        ["manifest.json", "heads.safetensors"].map(|name| fs::read(out.join(name)).unwrap())
    };
    assert!(train("a", "1") == train("b", "3"));
}

#[test]
fn integers_give_nearly_the_same_probabilities() {
    let folder = Folder::new();
    let data = folder.file("d.csv", csv(&complaints(60)));
    let predict = |precision: &str| {
        let told = paidan!["predict", "--model", encoded(), "--data", data, "--precision", precision].done();
        json_lines(&told)
    };
    for (exact, integer) in predict("f32").iter().zip(predict("int8")) {
        let probability = |line: &Value| line["department"]["probability"].as_f64().unwrap();
        assert!((probability(exact) - probability(&integer)).abs() < 0.02, "{exact} {integer}");
    }
    let said = paidan!["predict", "--model", encoded(), "--data", data, "--precision", "f16"].refused();
    assert!(said.contains("precision"), "{said}");
    let said = paidan!["predict", "--model", encoded(), "--data", data, "--precision", "int4"].refused();
    assert!(said.contains("`int4`"), "{said}");
}

#[test]
fn thresholds_are_stored_beside_the_encoder() {
    let folder = Folder::new();
    let bundle = folder.join("model");
    copy(encoded(), &bundle);
    let data = folder.file("d.csv", csv(&complaints(400)));
    paidan!["find-thresholds", "--model", bundle, "--data", data, "--label", "department=department"]
        .args(["--target-precision", "0.8"])
        .ends(0);
    assert!(!json(&paidan!["info", "--model", bundle, "--json"].done())["encoder"].is_null());
    let told = paidan!["predict", "--model", bundle, "--data", data].done();
    assert!(json_lines(&told)[0]["department"]["accepted"].is_boolean(), "{told}");
    assert_eq!(folder.names(), ["d.csv", "model"]);
}

#[test]
fn training_takes_the_encoder_of_the_default_bundle() {
    let folder = Folder::new();
    let data = folder.file("d.csv", csv(&complaints(72)));
    let train = |name: &str, encoder: &[&str]| {
        let out = folder.join(name);
        paidan!["train", "--data", data, "--label", "type=type", "--out", out]
            .args(encoder)
            .env("PAIDAN_MODEL", encoded())
            .done();
        json(&paidan!["info", "--model", out, "--json"].done())["encoder"]["width"].clone()
    };
    assert_eq!(train("default", &[]), 32);
    assert_eq!(train("none", &["--encoder", "none"]), Value::Null);
    assert_eq!(train("named", &["--encoder", ALBERT]), 48);
    // An encoder inside the bundle that is replaced is not lost.
    let out = folder.join("default");
    let own = out.join("encoder");
    paidan!["train", "--data", data, "--label", "type=type", "--out", out, "--force", "--encoder", own]
        .done();
    paidan!["predict", "--model", out, "--data", data].done();
    // A default bundle that is not there yet has no encoder; one that is damaged is not passed over.
    let train = |bundle: &Path| {
        paidan!["train", "--data", data, "--label", "type=type", "--out", folder.join("new"), "--force"]
            .env("PAIDAN_MODEL", bundle)
    };
    train(&folder.join("nowhere")).done();
    let damaged = folder.join("damaged");
    copy(encoded(), &damaged);
    fs::write(damaged.join("encoder/config.json"), "{}").unwrap();
    let said = train(&damaged).refused();
    assert!(said.contains("damaged`") && said.contains("--encoder none"), "{said}");
}

/// Each damage is done to a fresh copy of the bundle; every verb names it.
#[test]
fn a_damaged_encoder_is_refused() {
    type Damage = (&'static str, fn(&Path), &'static str);
    let damages: [Damage; 8] = [
        ("no-folder", |b| fs::remove_dir_all(b.join("encoder")).unwrap(), "encoder"),
        (
            "no-weights",
            |b| fs::remove_file(b.join("encoder/model.safetensors")).unwrap(),
            "model.safetensors",
        ),
        (
            "flipped",
            |b| {
                let path = b.join("encoder/model.safetensors");
                let mut bytes = fs::read(&path).unwrap();
                let last = bytes.len() - 1;
                bytes[last] ^= 1;
                fs::write(path, bytes).unwrap();
            },
            "encoder/model.safetensors`: the SHA-256",
        ),
        (
            "cut",
            |b| fs::write(b.join("encoder/tokenizer.json"), "{").unwrap(),
            "encoder/tokenizer.json`: expected 5809 bytes",
        ),
        (
            "width",
            |b| {
                let mut manifest = manifest(b);
                manifest["encoder"]["width"] = 64.into();
                fs::write(b.join("manifest.json"), manifest.to_string()).unwrap();
            },
            "encoder.mean",
        ),
        (
            "unlisted",
            |b| {
                let mut manifest = manifest(b);
                manifest["files"].as_object_mut().unwrap().remove("encoder/config.json");
                fs::write(b.join("manifest.json"), manifest.to_string()).unwrap();
            },
            "config.json",
        ),
        (
            "unsaid",
            |b| {
                let mut manifest = manifest(b);
                manifest.as_object_mut().unwrap().remove("encoder");
                fs::write(b.join("manifest.json"), manifest.to_string()).unwrap();
            },
            "heads.safetensors",
        ),
        (
            "outside",
            |b| {
                let text = fs::read_to_string(b.join("manifest.json")).unwrap();
                fs::write(b.join("manifest.json"), text.replace("encoder/config.json", "encoder/../x"))
                    .unwrap();
            },
            "plain name",
        ),
    ];
    let folder = Folder::new();
    for (name, damage, problem) in damages {
        let bundle = folder.join(name);
        copy(encoded(), &bundle);
        damage(&bundle);
        let verbs = [
            paidan!["predict", "--model", bundle, "--data", "-"].stdin("text\n停水\n"),
            paidan!["dispatch", "--model", bundle, "--text", "停水"],
            paidan!["evaluate", "--model", bundle, "--data", "-", "--label", "type=t"]
                .stdin("text,t\n停水,a\n"),
        ];
        for verb in verbs {
            let said = verb.refused();
            assert!(said.contains(problem), "{name}: {said}");
        }
        if name != "unlisted" {
            let said = paidan!["info", "--model", bundle].refused();
            assert!(said.contains(problem), "{name}: {said}");
        }
    }
}

/// An encoder of another width under right hashes does not fit the heads.
#[test]
fn an_encoder_that_was_exchanged_is_refused() {
    let folder = Folder::new();
    let data = folder.file("d.csv", csv(&complaints(72)));
    let other = folder.join("other");
    paidan!["train", "--data", data, "--label", "type=type", "--encoder", ALBERT, "--out", other].done();
    let bundle = folder.join("model");
    copy(encoded(), &bundle);
    fs::remove_dir_all(bundle.join("encoder")).unwrap();
    copy(&other.join("encoder"), &bundle.join("encoder"));
    let mut forged = manifest(&bundle);
    let files = forged["files"].as_object_mut().unwrap();
    files.retain(|name, _| !name.starts_with("encoder/"));
    let of_other = manifest(&other);
    let encoder = of_other["files"].as_object().unwrap().iter();
    files.extend(
        encoder.filter(|(name, _)| name.starts_with("encoder/")).map(|(n, f)| (n.clone(), f.clone())),
    );
    fs::write(bundle.join("manifest.json"), forged.to_string()).unwrap();
    let said = paidan!["dispatch", "--model", bundle, "--text", "停水"].refused();
    assert!(said.contains("expect embeddings of 32 numbers, its encoder gives 48"), "{said}");
}

#[test]
fn folders_that_are_no_encoder_are_refused_before_training() {
    let folder = Folder::new();
    let data = folder.file("d.csv", csv(&complaints(36)));
    let pickled = folder.join("pickled");
    copy(Path::new(BERT), &pickled);
    fs::rename(pickled.join("model.safetensors"), pickled.join("pytorch_model.bin")).unwrap();
    let foreign = folder.join("foreign");
    copy(Path::new(BERT), &foreign);
    let config = fs::read_to_string(foreign.join("config.json")).unwrap();
    fs::write(foreign.join("config.json"), config.replace("\"bert\"", "\"gpt2\"")).unwrap();
    let empty = folder.join("empty");
    fs::create_dir(&empty).unwrap();
    for (encoder, problem) in [
        (folder.join("nowhere"), "config.json"),
        (empty, "config.json"),
        (pickled, "pickle"),
        (foreign, "gpt2"),
    ] {
        let out = folder.join("model");
        let said =
            paidan!["train", "--data", data, "--label", "type=type", "--encoder", encoder, "--out", out]
                .refused();
        assert!(said.contains(problem), "{said}");
        assert!(!out.exists());
    }
}

#[test]
fn odd_texts_are_read() {
    let folder = Folder::new();
    let long = "路灯坏了，".repeat(60_000);
    let texts = ["\u{200b}停", "𠮷𠮷𠮷", "⟦phone⟧", "?", "🧑‍🔧🧑‍🔧灯", &long];
    let lines: String =
        texts.iter().map(|text| serde_json::json!({"text": text}).to_string() + "\n").collect();
    let data = folder.file("d.jsonl", lines + "{\"text\": \"\"}\n");
    let run = paidan!["predict", "--model", encoded(), "--data", data].ends(2);
    let lines = json_lines(&run.stdout);
    assert_eq!(lines.len(), texts.len() + 1);
    for line in &lines[..texts.len()] {
        assert!((0.0..=1.0).contains(&line["type"]["probability"].as_f64().unwrap()), "{line}");
    }
}
