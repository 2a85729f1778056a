//! The same input gives the same bytes, on any number of threads, alone or among others.

use std::path::{Path, PathBuf};

use crate::support::{Folder, complaints, contents, csv, model, paidan};

fn train(folder: &Folder, data: &Path, name: &str, args: &[&str]) -> PathBuf {
    let out = folder.join(name);
    paidan!["train", "--data", data, "--out", out, "--label", "type=type", "--label", "topic=topic"]
        .args(args)
        .done();
    out
}

#[test]
fn bundles_do_not_depend_on_threads() {
    let folder = Folder::new();
    // More rows than are prepared at once.
    let data = folder.file("d.csv", csv(&complaints(2500)));
    let one = contents(&train(&folder, &data, "one", &["--threads", "1"]));
    assert_eq!(one.len(), 4);
    assert!(one == contents(&train(&folder, &data, "two", &["--threads", "2"])));
    assert!(one == contents(&train(&folder, &data, "five", &["--threads", "5"])));
    assert!(one == contents(&train(&folder, &data, "default", &[])));
}

#[test]
fn bundles_are_the_same_again_and_differ_by_seed() {
    let folder = Folder::new();
    let data = folder.file("d.csv", csv(&complaints(216)));
    let first = contents(&train(&folder, &data, "a", &["--seed", "7"]));
    assert!(first == contents(&train(&folder, &data, "b", &["--seed", "7"])));
    assert!(first != contents(&train(&folder, &data, "c", &["--seed", "8"])));
}

#[test]
fn predictions_do_not_depend_on_threads() {
    let folder = Folder::new();
    let data = folder.file("d.csv", csv(&complaints(1500)));
    let predict =
        |threads: &str| paidan!["predict", "--model", model(), "--data", data, "--threads", threads].done();
    let one = predict("1");
    assert_eq!(one.lines().count(), 1500);
    assert!(one == predict("2"));
    assert!(one == predict("7"));
}

#[test]
fn a_row_alone_is_predicted_as_among_others() {
    let folder = Folder::new();
    let all = complaints(1100);
    let batch = paidan!["predict", "--model", model(), "--data", folder.file("d.csv", csv(&all))].done();
    let lines: Vec<&str> = batch.lines().collect();
    for i in [0, 77, 1023, 1024, 1099] {
        let alone = csv(&all[i..=i]);
        let told = paidan!["predict", "--model", model(), "--data", "-"].stdin(alone).done();
        assert_eq!(told.trim_end(), lines[i]);
    }
}
