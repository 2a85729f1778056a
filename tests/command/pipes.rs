//! Whoever reads our output may stop reading, as `head` does.

use std::io::{BufRead, BufReader, Read};

use crate::support::{Folder, Paidan, complaints, csv, json, model, paidan};

/// Reads one line of the output and closes it; the line, exit status and standard error.
fn first_line(verb: Paidan) -> (String, Option<i32>, String) {
    let mut child = verb.command().spawn().unwrap();
    drop(child.stdin.take());
    let mut reader = BufReader::new(child.stdout.take().unwrap());
    let mut line = String::new();
    reader.read_line(&mut line).unwrap();
    drop(reader);
    let mut said = String::new();
    child.stderr.take().unwrap().read_to_string(&mut said).unwrap();
    (line, child.wait().unwrap().code(), said)
}

#[test]
fn a_closed_output_ends_the_run_in_peace() {
    let folder = Folder::new();
    let data = folder.file("d.csv", csv(&complaints(3000)));
    for verb in [
        paidan!["predict", "--model", model(), "--data", data],
        paidan!["dispatch", "--model", model(), "--data", data],
        paidan!["dispatch", "--model", model(), "--data", data, "--json"],
        paidan!["mask", "--data", data],
    ] {
        let (line, status, said) = first_line(verb);
        assert!(!line.is_empty());
        assert_eq!((status, said.as_str()), (Some(0), ""));
    }
}

#[test]
fn an_output_closed_from_the_start_is_no_panic() {
    for verb in [
        paidan!["info", "--model", model()],
        paidan!["info", "--model", model(), "--json"],
        paidan!["mask", "--text", "停水"],
        paidan!["dispatch", "--model", model(), "--text", "停水"],
        paidan!["--help"],
    ] {
        let mut child = verb.command().spawn().unwrap();
        drop(child.stdout.take());
        let output = child.wait_with_output().unwrap();
        let said = String::from_utf8(output.stderr).unwrap();
        assert_eq!((output.status.code(), said.as_str()), (Some(0), ""));
    }
}

#[test]

fn closed_standard_error_is_no_panic() {
    let folder = Folder::new();
    let data = folder.file("d.csv", csv(&complaints(36)) + "少一格\n");
    let out = folder.join("model");
    let mut child =
        paidan!["train", "--data", data, "--label", "type=type", "--out", out].command().spawn().unwrap();
    drop((child.stdout.take(), child.stderr.take()));
    let status = child.wait().unwrap();
    assert!(matches!(status.code(), Some(0 | 2)), "{status}");
    assert_eq!(json(&paidan!["info", "--model", out, "--json"].done())["training"]["tickets"], 36);
}
