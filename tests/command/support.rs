use std::ffi::{OsStr, OsString};
use std::fmt::Write as _;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::LazyLock;

use serde_json::Value;
use tempfile::TempDir;

/// A command line of strings and paths: `paidan!["info", "--model", folder]`.
macro_rules! paidan {
    [$($arg:expr),* $(,)?] => {
        $crate::support::Paidan::new(vec![$(::std::ffi::OsString::from(
            ::std::convert::AsRef::<::std::ffi::OsStr>::as_ref(&$arg)
        )),*])
    };
}
pub(crate) use paidan;

/// One run of the command, in an empty folder unless [`Paidan::inside`] names another.
pub(crate) struct Paidan {
    command: Command,
    stdin: Vec<u8>,
}

/// What a run left behind.
pub(crate) struct Run {
    pub(crate) status: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Paidan {
    pub(crate) fn new(args: Vec<OsString>) -> Self {
        static EMPTY: LazyLock<TempDir> = LazyLock::new(|| tempfile::tempdir().unwrap());
        let mut command = Command::new(env!("CARGO_BIN_EXE_paidan"));
        command.args(args).current_dir(EMPTY.path()).env_remove("PAIDAN_MODEL").env_remove("RUST_LOG");
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        Self { command, stdin: Vec::new() }
    }

    pub(crate) fn args(mut self, args: impl IntoIterator<Item = impl AsRef<OsStr>>) -> Self {
        self.command.args(args);
        self
    }

    pub(crate) fn inside(mut self, folder: impl AsRef<Path>) -> Self {
        self.command.current_dir(folder);
        self
    }

    pub(crate) fn env(mut self, name: &str, value: impl AsRef<OsStr>) -> Self {
        self.command.env(name, value);
        self
    }

    pub(crate) fn stdin(mut self, text: impl Into<Vec<u8>>) -> Self {
        self.stdin = text.into();
        self
    }

    /// The command itself, for tests that hold its pipes.
    pub(crate) fn command(self) -> Command {
        self.command
    }

    pub(crate) fn run(mut self) -> Run {
        let mut child = self.command.spawn().unwrap();
        let mut pipe = child.stdin.take().unwrap();
        let stdin = std::mem::take(&mut self.stdin);
        // The command may end without having read everything.
        let writer = std::thread::spawn(move || drop(pipe.write_all(&stdin)));
        let output = child.wait_with_output().unwrap();
        writer.join().unwrap();
        let stderr = String::from_utf8(output.stderr).unwrap();
        assert!(!stderr.contains("panicked"), "{:?}: {stderr}", self.command);
        let Some(status) = output.status.code() else { panic!("{:?} died: {}", self.command, output.status) };
        Run { status, stdout: String::from_utf8(output.stdout).unwrap(), stderr }
    }

    /// Runs and expects success without a word on standard error; the output.
    pub(crate) fn done(self) -> String {
        let run = self.run();
        assert_eq!((run.status, run.stderr.as_str()), (0, ""));
        run.stdout
    }

    /// Runs and expects `status`.
    pub(crate) fn ends(self, status: i32) -> Run {
        let run = self.run();
        assert_eq!(run.status, status, "stdout: {}\nstderr: {}", run.stdout, run.stderr);
        run
    }

    /// Runs and expects status 1, nothing on standard output, and one line on standard error that is ours.
    pub(crate) fn refused(self) -> String {
        let run = self.ends(1);
        assert_eq!(run.stdout, "");
        assert!(run.stderr.starts_with("paidan: "), "{}", run.stderr);
        assert_eq!(run.stderr.lines().count(), 1, "{}", run.stderr);
        run.stderr
    }
}

/// One JSON object a line, each with `"schema": 1`.
pub(crate) fn json_lines(text: &str) -> Vec<Value> {
    let parse = |line| {
        let object: Value = serde_json::from_str(line).unwrap();
        assert_eq!(object["schema"], 1, "{line}");
        object
    };
    text.lines().map(parse).collect()
}

/// The single JSON object in `text`.
pub(crate) fn json(text: &str) -> Value {
    let mut objects = json_lines(text);
    assert_eq!(objects.len(), 1, "{text}");
    objects.remove(0)
}

/// A field of every object.
pub(crate) fn each<'a>(objects: &'a [Value], field: &str) -> Vec<&'a str> {
    objects.iter().map(|object| object[field].as_str().unwrap_or("-")).collect()
}

/// The keys of an object, sorted.
pub(crate) fn keys(object: &Value) -> Vec<&str> {
    let mut keys: Vec<&str> = object.as_object().unwrap().keys().map(String::as_str).collect();
    keys.sort_unstable();
    keys
}

/// An invented complaint with its labels.
#[derive(Clone)]
pub(crate) struct Complaint {
    pub(crate) id: String,
    pub(crate) text: String,
    pub(crate) kind: &'static str,
    pub(crate) department: &'static str,
    pub(crate) topic: &'static str,
    pub(crate) time: String,
}

const TOPICS: [(&str, &str, &str); 12] = [
    ("lamps", "路灯", "门口的路灯坏了，夜里漆黑一片"),
    ("lamps", "井盖", "人行道上的井盖松动，踩上去会翻"),
    ("lamps", "摊贩", "烧烤摊占道经营，油烟呛人"),
    ("lamps", "垃圾", "垃圾桶满了没有人清运，臭味很大"),
    ("water", "停水", "自来水停了两天，没有通知"),
    ("water", "水压", "高层水压不够，热水器打不着火"),
    ("water", "水费", "水表读数不对，水费多收了"),
    ("water", "水质", "自来水发黄，有一股铁锈味"),
    ("bus", "公交", "公交车等了四十分钟才来一辆"),
    ("bus", "地铁", "地铁站扶梯停运，老人下不去"),
    ("bus", "出租", "出租车不打表，拒载乘客"),
    ("bus", "停车", "路边停车收费没有发票"),
];
const PLACES: [&str; 6] = ["澄江区柳荫路", "云澜镇", "望溪街", "梧桐里", "松石社区", "杏花巷"];
const KINDS: [(&str, &str); 3] =
    [("投诉", "太不像话，要求严肃处理"), ("求助", "请帮忙尽快解决"), ("咨询", "请问应该找谁办理")];

/// `count` complaints, the same each time; the first 216 all differ in topic, place or kind.
pub(crate) fn complaints(count: usize) -> Vec<Complaint> {
    let complaint = |i: usize| {
        let (department, topic, trouble) = TOPICS[i % 12];
        let place = PLACES[i / 12 % 6];
        let (kind, wish) = KINDS[(i / 72 + i) % 3];
        let phone = if i.is_multiple_of(5) { format!("，电话1380000{i:04}") } else { String::new() };
        Complaint {
            id: format!("G{i:05}"),
            text: format!("{place}{trouble}，{wish}{phone}。第{i}号"),
            kind,
            department,
            topic,
            time: format!("2026-{:02}-11T08:30:00+08:00", 3 + i % 2),
        }
    };
    (0..count).map(complaint).collect()
}

/// The table that most tests read: `id,text,type,department,topic,time`.
pub(crate) fn csv(complaints: &[Complaint]) -> String {
    let mut text = "id,text,type,department,topic,time\n".to_owned();
    for c in complaints {
        let Complaint { id, text: words, kind, department, topic, time } = c;
        let _ = writeln!(text, "{id},{words},{kind},{department},{topic},{time}");
    }
    text
}

/// A folder for one test, which goes with it.
pub(crate) struct Folder(TempDir);

impl Folder {
    pub(crate) fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    pub(crate) fn path(&self) -> &Path {
        self.0.path()
    }

    pub(crate) fn join(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    /// Writes a file into the folder.
    pub(crate) fn file(&self, name: &str, content: impl AsRef<[u8]>) -> PathBuf {
        let path = self.join(name);
        fs::write(&path, content).unwrap();
        path
    }

    /// Names of everything in the folder, sorted.
    pub(crate) fn names(&self) -> Vec<String> {
        let entries = fs::read_dir(self.path()).unwrap();
        let mut names: Vec<String> =
            entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }

    /// A copy of the bundle that all tests share.
    pub(crate) fn bundle(&self, name: &str) -> PathBuf {
        let copy = self.join(name);
        fs::create_dir(&copy).unwrap();
        for entry in fs::read_dir(model()).unwrap() {
            let entry = entry.unwrap();
            fs::copy(entry.path(), copy.join(entry.file_name())).unwrap();
        }
        copy
    }
}

/// A bundle trained on 216 complaints: tasks `type` (3 labels), `department` (3, with Chinese names) and
/// `topic` (12).
pub(crate) fn model() -> &'static Path {
    static TRAINED: LazyLock<(TempDir, PathBuf)> = LazyLock::new(|| {
        let folder = tempfile::tempdir().unwrap();
        let data = folder.path().join("history.csv");
        fs::write(&data, csv(&complaints(216))).unwrap();
        let names = folder.path().join("units.csv");
        fs::write(&names, "code,name\nlamps,市政管理所\nwater,自来水公司\nbus,公共交通处\n").unwrap();
        let model = folder.path().join("model");
        let names = format!("department={}", names.display());
        paidan!["train", "--data", data, "--out", model, "--label", "type=type", "--label-names", names]
            .args(["--label", "department=department", "--label", "topic=topic"])
            .done();
        (folder, model)
    });
    &TRAINED.1
}

/// Every file of a folder with its bytes.
pub(crate) fn contents(folder: &Path) -> Vec<(OsString, Vec<u8>)> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap());
    let mut files: Vec<_> =
        entries.map(|entry| (entry.file_name(), fs::read(entry.path()).unwrap())).collect();
    files.sort();
    files
}

/// The code points `start..end` of `text`.
pub(crate) fn code_points(text: &str, start: &Value, end: &Value) -> String {
    let (start, end) = (start.as_u64().unwrap() as usize, end.as_u64().unwrap() as usize);
    assert!(start < end && end <= text.chars().count(), "{start}..{end} of {text}");
    text.chars().skip(start).take(end - start).collect()
}
