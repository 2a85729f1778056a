//! Bundles: which one is used, and what is said of one that cannot be.

use std::fs;
use std::path::Path;

use serde_json::{Value, json};

use crate::support::{Folder, json as parsed, model, paidan};

/// Every verb refuses `bundle`, naming it and `problem`.
fn refused(bundle: &Path, problems: &[&str]) {
    let verbs = [
        paidan!["info", "--model", bundle],
        paidan!["predict", "--model", bundle, "--data", "-"].stdin("text\n停水\n"),
        paidan!["dispatch", "--model", bundle, "--text", "停水"],
        paidan!["evaluate", "--model", bundle, "--data", "-", "--label", "type=t"].stdin("text,t\n停水,a\n"),
    ];
    for verb in verbs {
        let said = verb.refused();
        for problem in problems {
            assert!(said.contains(problem), "{problem} in {said}");
        }
    }
}

/// A change to a manifest.
type Lie = fn(&mut Value);

/// Changes the manifest of a bundle.
fn edit(bundle: &Path, change: impl FnOnce(&mut Value)) {
    let path = bundle.join("manifest.json");
    let mut manifest: Value = serde_json::from_slice(&fs::read(&path).unwrap()).unwrap();
    change(&mut manifest);
    fs::write(&path, manifest.to_string()).unwrap();
}

#[test]
fn missing_files_are_named() {
    let folder = Folder::new();
    for name in ["manifest.json", "heads.safetensors", "vocabulary.txt", "dictionary.txt"] {
        let bundle = folder.bundle(&format!("without-{name}"));
        fs::remove_file(bundle.join(name)).unwrap();
        refused(&bundle, &[name]);
    }
    refused(&folder.join("nowhere"), &["nowhere"]);
}

#[test]
fn truncated_files_are_named() {
    let folder = Folder::new();
    for name in ["manifest.json", "heads.safetensors", "vocabulary.txt", "dictionary.txt"] {
        for keep in [0, 7, 1000] {
            let bundle = folder.bundle(&format!("{keep}-{name}"));
            let bytes = fs::read(bundle.join(name)).unwrap();
            assert!(bytes.len() > keep, "{name}");
            fs::write(bundle.join(name), &bytes[..keep]).unwrap();
            refused(&bundle, &[name]);
        }
    }
}

#[test]
fn a_flipped_bit_is_found_and_its_file_named() {
    let folder = Folder::new();
    for name in ["heads.safetensors", "vocabulary.txt", "dictionary.txt"] {
        let bundle = folder.bundle(name);
        let mut bytes = fs::read(bundle.join(name)).unwrap();
        let middle = bytes.len() / 2;
        bytes[middle] ^= 1;
        fs::write(bundle.join(name), bytes).unwrap();
        refused(&bundle, &[name, "SHA-256"]);
    }
}

#[test]
fn a_longer_file_is_named() {
    let folder = Folder::new();
    let bundle = folder.bundle("model");
    let mut bytes = fs::read(bundle.join("vocabulary.txt")).unwrap();
    bytes.extend(b"x\n");
    fs::write(bundle.join("vocabulary.txt"), bytes).unwrap();
    refused(&bundle, &["vocabulary.txt"]);
}

#[test]
fn other_format_versions_are_told() {
    let folder = Folder::new();
    for version in [0, 3, 4_000_000_000u32] {
        let bundle = folder.bundle(&version.to_string());
        edit(&bundle, |manifest| manifest["format_version"] = version.into());
        refused(&bundle, &["manifest.json", "format version", &version.to_string()]);
    }
}

#[test]
fn manifests_that_lie_are_refused() {
    let folder = Folder::new();
    let lies: [(&str, Lie, &str); 14] = [
        (
            "label",
            |m| m["tasks"][0]["labels"].as_array_mut().unwrap().push(serde_json::json!({"label": "x"})),
            "type",
        ),
        ("no-label", |m| m["tasks"][0]["labels"] = serde_json::json!([]), "manifest.json"),
        ("twice", |m| m["tasks"][0]["labels"][1] = m["tasks"][0]["labels"][0].clone(), "manifest.json"),
        ("task", |m| m["tasks"][0]["name"] = "other".into(), "heads.safetensors"),
        ("no-task", |m| m["tasks"] = serde_json::json!([]), "manifest.json"),
        ("size", |m| m["files"]["heads.safetensors"]["size"] = u64::MAX.into(), "heads.safetensors"),
        ("file", |m| drop(m["files"].as_object_mut().unwrap().remove("vocabulary.txt")), "vocabulary.txt"),
        ("features", |m| m["features"]["char_ngrams"] = 9.into(), "manifest.json"),
        ("threshold", |m| m["tasks"][0]["threshold"] = 7.into(), "manifest.json"),
        (
            "foreign-label",
            |m| m["tasks"][0]["risk"] = json!({"label_thresholds": {"labels": {"x": 0.5}, "others": null}}),
            "label_thresholds",
        ),
        (
            "two-ways",
            |m| {
                m["tasks"][0]["threshold"] = 0.5.into();
                m["tasks"][0]["risk"] = json!({"label_thresholds": {"labels": {}, "others": 0.5}});
            },
            "label_thresholds",
        ),
        (
            "promise",
            |m| m["tasks"][0]["risk"] = json!({"promise": {"precision": 2.0, "confidence": 0.5}}),
            "promise",
        ),
        (
            "list",
            |m| {
                m["tasks"][0]["risk"] =
                    json!({"candidates": {"coverage": 0.9, "confidence": 0.9, "least": -1}})
            },
            "candidates",
        ),
        (
            "reference",
            |m| {
                m["tasks"][0]["risk"] =
                    json!({"reference": {"edges": [0.5], "probabilities": [1], "labels": [1, 0, 0]}});
            },
            "reference",
        ),
    ];
    for (name, lie, problem) in lies {
        let bundle = folder.bundle(name);
        edit(&bundle, lie);
        refused(&bundle, &[problem]);
    }
}

#[test]
fn foreign_folders_and_files_are_refused() {
    let folder = Folder::new();
    let foreign = folder.join("encoder");
    fs::create_dir(&foreign).unwrap();
    refused(&foreign, &["manifest.json"]);
    fs::write(foreign.join("config.json"), "{}").unwrap();
    refused(&foreign, &["manifest.json"]);
    for manifest in ["", "[]", "{\"name\": \"webapp\", \"icons\": []}", "not json", &"[".repeat(200_000)] {
        fs::write(foreign.join("manifest.json"), manifest).unwrap();
        refused(&foreign, &["manifest.json"]);
    }
    refused(&folder.file("model.bin", "x"), &["model.bin"]);
}

#[cfg(unix)]
#[test]
fn links_out_of_the_bundle_are_refused() {
    let folder = Folder::new();
    let bundle = folder.bundle("model");
    let secret = folder.join("vocabulary.txt");
    fs::rename(bundle.join("vocabulary.txt"), &secret).unwrap();
    std::os::unix::fs::symlink(&secret, bundle.join("vocabulary.txt")).unwrap();
    refused(&bundle, &["vocabulary.txt"]);
}

#[test]
fn the_variable_names_the_bundle() {
    let told = paidan!["info", "--json"].env("PAIDAN_MODEL", model()).done();
    assert_eq!(parsed(&told)["folder"], model().to_str().unwrap());
    let told =
        paidan!["predict", "--data", "-"].env("PAIDAN_MODEL", model()).stdin("text\n自来水停了\n").done();
    assert_eq!(parsed(&told)["department"]["label"], "water");
}

#[test]
fn the_option_comes_before_the_variable() {
    let told = paidan!["info", "--json", "--model", model()].env("PAIDAN_MODEL", "/nowhere/at/all").done();
    assert_eq!(parsed(&told)["folder"], model().to_str().unwrap());
}

#[test]
fn a_variable_that_names_nothing_is_an_error_even_beside_a_default() {
    let folder = Folder::new();
    fs::create_dir(folder.join("models")).unwrap();
    folder.bundle("models/default");
    let info = || paidan!["info", "--json"].inside(folder.path());
    assert!(parsed(&info().done())["folder"].as_str().unwrap().ends_with("models/default"));
    let said = info().env("PAIDAN_MODEL", "/nowhere/at/all").refused();
    assert!(said.contains("/nowhere/at/all"), "{said}");
}

#[test]
fn the_default_is_found_from_the_current_folder_upwards() {
    let folder = Folder::new();
    fs::create_dir(folder.join("models")).unwrap();
    folder.bundle("models/default");
    fs::create_dir_all(folder.join("a/b")).unwrap();
    let told = paidan!["dispatch", "--json", "--text", "自来水停了"].inside(folder.join("a/b")).done();
    assert_eq!(parsed(&told)["department"]["label"], "water");
}

#[test]
fn without_any_bundle_the_ways_to_name_one_are_told() {
    let said = paidan!["predict", "--data", "-"].stdin("text\n停水\n").refused();
    assert!(said.contains("--model") && said.contains("PAIDAN_MODEL"), "{said}");
}
