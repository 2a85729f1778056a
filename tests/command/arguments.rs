//! Arguments and exit status.

use crate::support::{Folder, Paidan, complaints, csv, model, paidan};

/// A training that would work, into the folder `model`.
fn train(folder: &Folder) -> Paidan {
    let data = folder.file("d.csv", csv(&complaints(36)));
    paidan!["train", "--data", data, "--out", folder.join("model")]
}

#[test]
fn help_and_version_are_no_errors() {
    for args in [&["--help"][..], &["-h"], &["--version"], &["help", "train"], &["predict", "--help"]] {
        let said = paidan![].args(args).done();
        assert!(said.contains("paidan"), "{said}");
    }
}

#[test]
fn wrong_arguments_end_with_1() {
    let cases: [&[&str]; 10] = [
        &[],
        &["fly"],
        &["predict"],
        &["predict", "--data"],
        &["predict", "--data", "-", "--no-such-option"],
        &["train", "--data", "-", "--out", "x"],
        &["train", "--data", "-", "--out", "x", "--label", "type"],
        &["train", "--data", "-", "--out", "x", "--label", "=type"],
        &["evaluate", "--data", "-", "--label", "type=type", "--by", "week"],
        &["info", "--threads", "many"],
    ];
    for args in cases {
        let run = paidan![].args(args).ends(1);
        assert_eq!(run.stdout, "", "{args:?}");
        assert!(!run.stderr.is_empty(), "{args:?}");
    }
}

#[test]
fn all_three_exit_statuses() {
    let predict =
        |table: &str| paidan!["predict", "--model", model(), "--data", "-"].stdin(table).run().status;
    assert_eq!(predict("text\n停水\n"), 0);
    assert_eq!(predict("words\n停水\n"), 1);
    assert_eq!(predict("id,text\n1,停水\n2\n"), 2);
}

#[test]
fn devices_that_are_not_there_are_refused() {
    for (device, words) in
        [("cuda", "CUDA"), ("cuda:1", "CUDA"), ("nonsense", "`nonsense`"), ("cuda:x", "`cuda:x`")]
    {
        let verbs = [
            paidan!["predict", "--model", model(), "--data", "-"].stdin("text\n停水\n"),
            paidan!["dispatch", "--model", model(), "--text", "停水"],
            train(&Folder::new()).args(["--label", "type=type"]),
        ];
        for verb in verbs {
            let said = verb.args(["--device", device]).refused();
            assert!(said.contains(words) && said.contains("cpu"), "{said}");
        }
    }
    paidan!["predict", "--model", model(), "--data", "-", "--device", "cpu"].stdin("text\n停水\n").done();
}

#[test]

fn verbs_that_need_no_device_refuse_wrong_settings_too() {
    let verbs = || [paidan!["mask", "--text", "停水"], paidan!["info", "--model", model()]];
    for verb in verbs() {
        assert!(verb.args(["--device", "nonsense"]).refused().contains("`nonsense`"));
    }
    for verb in verbs() {
        assert!(verb.args(["--threads", "0"]).refused().contains("threads"));
    }
}

#[test]
fn zero_threads_are_refused() {
    let verbs = [
        paidan!["predict", "--model", model(), "--data", "-"].stdin("text\n停水\n"),
        paidan!["dispatch", "--model", model(), "--text", "停水"],
        paidan!["evaluate", "--model", model(), "--data", "-", "--label", "type=t"]
            .stdin("text,t\n停水,投诉\n"),
        train(&Folder::new()).args(["--label", "type=type"]),
    ];
    for verb in verbs {
        let said = verb.args(["--threads", "0"]).refused();
        assert!(said.contains("threads") && said.contains('0'), "{said}");
    }
    paidan!["predict", "--model", model(), "--data", "-", "--threads", "99999"]
        .stdin("text\n停水\n")
        .refused();
}

#[test]
fn an_encoder_that_is_not_there_is_refused_and_none_is_not() {
    let folder = Folder::new();
    let said = train(&folder).args(["--label", "type=type", "--encoder", "bge-small-zh"]).refused();
    assert!(said.contains("`bge-small-zh`") && said.contains("--encoder none"), "{said}");
    train(&folder).args(["--label", "type=type", "--encoder", "none"]).done();
}

#[test]
fn names_with_a_meaning_of_their_own_are_no_tasks() {
    let folder = Folder::new();
    for task in ["id", "schema", "error", "outcome", "explanation"] {
        let said = train(&folder).args(["--label", &format!("{task}=type")]).refused();
        assert!(said.contains(&format!("`{task}`")), "{said}");
    }
    for task in ["a/b", "../x", "a b", "a.b"] {
        train(&folder).args(["--label", &format!("{task}=type")]).refused();
    }
    let said = train(&folder).args(["--label", "type=type", "--label", "type=topic"]).refused();
    assert!(said.contains("twice"), "{said}");
    assert!(!folder.join("model").exists());
}

#[test]
fn settings_out_of_range_are_refused() {
    let folder = Folder::new();
    let cases: [&[&str]; 9] = [
        &["--cost", "type=0"],
        &["--cost", "type=-1"],
        &["--cost", "type=nan"],
        &["--cost", "type=inf"],
        &["--class-balance", "type=9"],
        &["--class-balance", "type=nan"],
        &["--cost", "other=1"],
        &["--for-sharing"],
        &["--max-features", "0"],
    ];
    for args in cases {
        let run = train(&folder).args(["--label", "type=type"]).args(args).run();
        assert_eq!(run.status, 1, "{args:?}: {}", run.stdout);
    }
    assert!(!folder.join("model").exists());
}
