//! A build for words and characters only: `--no-default-features`.
#![cfg(not(feature = "encoder"))]

use crate::support::{Folder, complaints, csv, json, model, paidan};

/// A bundle with an encoder.
const ENCODED: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/fixtures/bundle-v2");

#[test]
fn lexical_build_reads_lexical_bundles() {
    let told = paidan!["dispatch", "--model", model(), "--json", "--text", "小区停水两天了"].done();
    assert!(json(&told)["type"]["label"].is_string(), "{told}");
}

#[test]
fn lexical_build_refuses_encoders_and_says_why() {
    let folder = Folder::new();
    let data = folder.file("d.csv", csv(&complaints(36)));
    for verb in [
        paidan!["predict", "--model", ENCODED, "--data", data],
        paidan!["dispatch", "--model", ENCODED, "--text", "小区停水"],
        paidan!["evaluate", "--model", ENCODED, "--data", data, "--label", "type=type"],
        paidan![
            "train",
            "--data",
            data,
            "--label",
            "type=type",
            "--out",
            folder.join("m"),
            "--encoder",
            ENCODED
        ],
        paidan!["train", "--data", data, "--label", "type=type", "--out", folder.join("m")]
            .env("PAIDAN_MODEL", ENCODED),
    ] {
        let said = verb.refused();
        assert!(said.contains("words and characters only") && said.contains("`encoder`"), "{said}");
    }
    // What needs no encoder to run is told all the same.
    assert_eq!(json(&paidan!["info", "--model", ENCODED, "--json"].done())["encoder"]["width"], 32);
}
