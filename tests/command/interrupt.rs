//! Ctrl-C while training: nothing is left behind.
#![cfg(unix)]

use std::io::{Read, Write};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use crate::support::{Folder, complaints, contents, paidan};

/// Rows of 200 labels that take seconds to learn.
fn history(rows: usize) -> String {
    let mut text = "text,unit\n".to_owned();
    for (i, complaint) in complaints(rows).iter().enumerate() {
        let salt = i.wrapping_mul(2_654_435_761) % 100_003;
        text += &format!(
            "{}，编号{salt}之{}，{}号楼,单位{}\n",
            complaint.text,
            salt % 977,
            salt % 89,
            salt % 200
        );
    }
    text
}

fn signal(child: &Child, name: &str) {
    assert!(Command::new("kill").args([name, &child.id().to_string()]).status().unwrap().success());
}

/// Waits for the end; exit status and standard error.
fn end(mut child: Child) -> (Option<i32>, String) {
    let deadline = Instant::now() + Duration::from_secs(60);
    while child.try_wait().unwrap().is_none() {
        assert!(Instant::now() < deadline, "still running a minute after Ctrl-C");
        std::thread::sleep(Duration::from_millis(20));
    }
    let mut said = String::new();
    child.stderr.take().unwrap().read_to_string(&mut said).unwrap();
    assert!(!said.contains("panicked"), "{said}");
    (child.wait().unwrap().code(), said)
}

fn start(folder: &Folder, args: &[&str]) -> Child {
    paidan!["train", "--data", "-", "--label", "unit=unit", "--out", folder.join("model")]
        .args(args)
        .command()
        .spawn()
        .unwrap()
}

#[test]
fn ctrl_c_while_learning_leaves_nothing() {
    let folder = Folder::new();
    let mut child = start(&folder, &[]);
    // When all of this has been taken from the pipe, reading is nearly over and learning begins.
    child.stdin.take().unwrap().write_all(history(8000).as_bytes()).unwrap();
    std::thread::sleep(Duration::from_millis(500));
    assert!(child.try_wait().unwrap().is_none(), "the training is too short for this test");
    signal(&child, "-INT");
    let (status, said) = end(child);
    assert_eq!(status, Some(130), "{said}");
    assert!(said.contains("interrupted"), "{said}");
    assert_eq!(folder.names(), [""; 0]);
}

#[test]
fn ctrl_c_while_reading_leaves_nothing() {
    let folder = Folder::new();
    let mut child = start(&folder, &[]);
    let mut stdin = child.stdin.take().unwrap();
    let rows = history(3000);
    stdin.write_all(rows.as_bytes()).unwrap();
    signal(&child, "-INT");
    std::thread::sleep(Duration::from_millis(200));
    // The command may have gone already.
    let _ = stdin.write_all("望溪街路灯不亮,单位1\n".repeat(10_000).as_bytes());
    drop(stdin);
    let (status, said) = end(child);
    assert_eq!(status, Some(130), "{said}");
    assert_eq!(folder.names(), [""; 0]);
}

#[test]

fn a_training_under_nohup_outlives_the_terminal() {
    let folder = Folder::new();
    let train =
        paidan!["train", "--data", "-", "--label", "unit=unit", "--out", folder.join("model")].command();
    let mut shell = Command::new("sh");
    shell.args(["-c", "trap '' HUP; exec \"$0\" \"$@\""]).arg(train.get_program()).args(train.get_args());
    let mut child = shell.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
    let mut stdin = child.stdin.take().unwrap();
    stdin.write_all(history(3000).as_bytes()).unwrap();
    signal(&child, "-HUP");
    drop(stdin);
    let (status, said) = end(child);
    assert_eq!((status, said.as_str()), (Some(0), ""));
}

#[test]
fn ctrl_c_leaves_the_old_bundle() {
    let folder = Folder::new();
    let bundle = folder.bundle("model");
    let before = contents(&bundle);
    let mut child = start(&folder, &["--force"]);
    child.stdin.take().unwrap().write_all(history(8000).as_bytes()).unwrap();
    signal(&child, "-INT");
    let (status, said) = end(child);
    assert_eq!(status, Some(130), "{said}");
    assert!(contents(&bundle) == before);
    assert_eq!(folder.names(), ["model"]);
}
