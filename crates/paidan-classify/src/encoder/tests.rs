use std::fs;
use std::path::Path;
use std::sync::{Arc, LazyLock};

use paidan_text::{Dictionary, JiebaSegmenter, PreparedTicket, TextPipeline, Ticket};

use super::*;
use crate::{Dataset, Example, Model, Silent, TrainSettings, Trainer};

static PIPELINE: LazyLock<TextPipeline> =
    LazyLock::new(|| TextPipeline::new(Arc::new(JiebaSegmenter::new(&Dictionary::default()))));

/// Each row has a word of its own, so that words tell nothing of the label; the encoder knows which is which.
const WORDS: [&str; 24] = [
    "路灯", "井盖", "围墙", "花坛", "垃圾", "公厕", "广告", "栏杆", "长椅", "雕塑", "喷泉", "草坪", "水压",
    "水表", "水质", "水费", "管道", "阀门", "泵房", "水箱", "水塔", "接头", "滤芯", "龙头",
];

/// A vector that says on which half of [`WORDS`] a text is, and beside that something common to all texts.
struct Halves;

impl Embedder for Halves {
    fn width(&self) -> usize {
        3
    }

    fn embed(&self, texts: &[&str]) -> Result<Embeddings, EncoderError> {
        let side = |text: &&str| {
            let word = WORDS.iter().position(|word| text.contains(word)).unwrap_or_default();
            if word < WORDS.len() / 2 { 1.0f32 } else { -1.0 }
        };
        let rows = texts.iter().flat_map(|text| [9.0, side(text), text.len() as f32 / 99.0]);
        Ok(Embeddings::new(3, rows.collect(), texts.len()))
    }
}

/// A vector that knows nothing of the matter, but something of the text.
struct Noise;

impl Embedder for Noise {
    fn width(&self) -> usize {
        8
    }

    fn embed(&self, texts: &[&str]) -> Result<Embeddings, EncoderError> {
        let hash = |text: &str, k: u64| {
            let mix = |hash: u64, byte: u8| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
            (text.bytes().fold(0xcbf2_9ce4_8422_2325 ^ k, mix) >> 40) as f32 / 1e7 - 0.8
        };
        let rows = texts.iter().flat_map(|text| (0..8).map(|k| hash(text, k * 7919)));
        Ok(Embeddings::new(8, rows.collect(), 0))
    }
}

struct Broken;

impl Embedder for Broken {
    fn width(&self) -> usize {
        2
    }

    fn embed(&self, texts: &[&str]) -> Result<Embeddings, EncoderError> {
        Ok(Embeddings::new(2, vec![f32::INFINITY; texts.len() * 2], 0))
    }
}

fn prepared(text: &str) -> PreparedTicket {
    PIPELINE.prepare_ticket(&Ticket::new(text))
}

fn dataset() -> Dataset {
    let mut dataset = Dataset::new(["unit", "matter"]).unwrap();
    for (i, word) in WORDS.iter().cycle().take(96).enumerate() {
        let unit = if i % 24 < 12 { "市政" } else { "供水" };
        let (kind, matter) = [("投诉", "请严肃处理"), ("求助", "请帮忙解决")][i % 2];
        let labels = [unit, kind].map(|label| Some(label.to_owned()));
        // Words that are in one training ticket only are not in the vocabulary.
        let text = format!("{word}的事，{matter}，第{i}次");
        dataset.push(prepared(&text), Example { labels: labels.into(), ..Example::default() });
    }
    dataset
}

fn files(home: &Path) -> EncoderFiles {
    let folder = home.join("source");
    fs::create_dir_all(&folder).unwrap();
    fs::write(folder.join("config.json"), "{}").unwrap();
    EncoderFiles::of_folder(folder, EncoderKind::Transformer, ["config.json".to_owned()]).unwrap()
}

fn train(home: &Path, embedder: &dyn Embedder, settings: TrainSettings) -> Result<Model, crate::Error> {
    let files = files(home);
    let encoder = Some(TrainingEncoder { embedder, files: &files });
    let dictionary = Dictionary::default();
    Trainer::new(settings).fit_with(&dataset(), &dictionary, PIPELINE.segmenter(), encoder, &Silent)
}

/// Words in three tickets or less are left out: then only the encoder can tell the units.
fn few_words() -> TrainSettings {
    let mut settings = TrainSettings::default();
    settings.vocabulary.min_tickets = 30;
    settings
}

#[test]
fn what_the_encoder_knows_is_learnt_kept_and_explained() {
    let home = tempfile::tempdir().unwrap();
    let model = train(home.path(), &Halves, few_words()).unwrap();
    let summary = model.summary().encoder.clone().unwrap();
    assert_eq!((summary.width, summary.truncated), (3, 96));
    assert!(summary.weights["unit"] > 0.0, "{summary:?}");
    assert!(model.summary().tasks[0].metrics["accuracy"] > 0.95, "{:?}", model.summary().tasks[0]);

    let folder = home.path().join("bundle");
    model.save(&folder).unwrap();
    let loaded = Model::load(&folder).unwrap();
    assert_eq!((loaded.embedding_width(), loaded.format_version()), (3, 2));
    assert_eq!(loaded.summary(), model.summary());
    assert_eq!(fs::read(folder.join("encoder/config.json")).unwrap(), b"{}");
    // A model that was loaded can be saved over its own bundle, or elsewhere.
    loaded.save(&folder).unwrap();
    loaded.save(home.path().join("other")).unwrap();
    assert_eq!(fs::read(home.path().join("other/encoder/config.json")).unwrap(), b"{}");

    for (text, unit) in [("龙头的事", "供水"), ("雕塑的事", "市政")] {
        let ticket = prepared(text);
        let embedding = Halves.embed(&[text]).unwrap().into_vec();
        let probabilities = loaded.probabilities_with(&ticket, &embedding);
        assert_eq!(probabilities, model.probabilities_with(&ticket, &embedding));
        let label = loaded.tasks()[0].labels().iter().position(|label| label == unit).unwrap();
        assert!(probabilities[0][label] > 0.8, "{text}: {probabilities:?}");
        // Words and embedding together are all that is said for the label, against the mean of both labels.
        let explainer = loaded.explainer(&ticket);
        let share = explainer.embedding(0, label, &embedding).unwrap();
        let words: f32 = explainer.words(0, label).iter().map(|word| word.weight).sum();
        let [mut with, mut nothing] = [loaded.vectorizer.vector(&ticket), Default::default()];
        with.append(
            loaded.vectorizer.idf.len(),
            &loaded.encoder.as_ref().unwrap().centering.apply(&embedding),
        );
        let lead = |vector: &crate::features::FeatureVector| {
            let scores = loaded.heads.scores(&vector.indices, &vector.values);
            let scores = &scores[loaded.heads.columns(0)];
            scores[label] - scores.iter().sum::<f32>() / scores.len() as f32
        };
        let expected = lead(&with) - lead(&nothing);
        assert!(share > 0.1 && (share + words - expected).abs() < 1e-4, "{share} {words} {expected}");
        nothing.append(0, &[]);
        assert_eq!(explainer.embedding(0, 9, &embedding), None);
        assert_eq!(explainer.embedding(9, 0, &embedding), None);
    }
}

#[test]
fn an_encoder_that_knows_nothing_changes_no_probability() {
    let home = tempfile::tempdir().unwrap();
    let model = train(home.path(), &Noise, TrainSettings::default()).unwrap();
    let lexical = Trainer::new(TrainSettings::default())
        .fit(&dataset(), &Dictionary::default(), PIPELINE.segmenter(), &Silent)
        .unwrap();
    assert_eq!(model.summary().encoder.as_ref().unwrap().weights.values().sum::<f32>(), 0.0);
    assert_eq!(model.summary().tasks, lexical.summary().tasks);
    for word in WORDS {
        let embedding = Noise.embed(&[word]).unwrap().into_vec();
        let ticket = prepared(word);
        assert_eq!(model.probabilities_with(&ticket, &embedding), lexical.probabilities(&ticket));
    }
}

#[test]
fn a_weight_that_is_asked_for_is_taken() {
    let home = tempfile::tempdir().unwrap();
    let mut settings = TrainSettings { folds: 0, ..few_words() };
    let asked = crate::TaskSettings { embedding_weight: Some(0.75), ..Default::default() };
    settings.tasks.push(("matter".to_owned(), asked.clone()));
    let model = train(home.path(), &Halves, settings.clone()).unwrap();
    assert_eq!(model.summary().encoder.as_ref().unwrap().weights["matter"], 0.75);
    settings.tasks[0].1.embedding_weight = Some(-1.0);
    let error = train(home.path(), &Halves, settings).unwrap_err().to_string();
    assert!(error.contains("weight of the embedding of 0 to 10"), "{error}");
}

#[test]
fn embeddings_that_are_no_numbers_are_refused() {
    let home = tempfile::tempdir().unwrap();
    let error = train(home.path(), &Broken, TrainSettings::default()).unwrap_err().to_string();
    assert!(error.contains("no number"), "{error}");
}

/// Each damage is done to a fresh bundle and must be named.
#[test]
fn every_damage_to_the_encoder_of_a_bundle_is_found() {
    let home = tempfile::tempdir().unwrap();
    let model = train(home.path(), &Halves, few_words()).unwrap();
    let manifest = |folder: &Path, from: &str, to: &str| {
        let path = folder.join("manifest.json");
        let text = fs::read_to_string(&path).unwrap();
        assert!(text.contains(from), "{from}");
        fs::write(path, text.replacen(from, to, 1)).unwrap();
    };
    type Damage<'a> = (&'a str, &'a dyn Fn(&Path), &'a str);
    let damages: [Damage<'_>; 8] = [
        ("gone", &|folder| fs::remove_dir_all(folder.join("encoder")).unwrap(), "config.json"),
        (
            "longer",
            &|folder| fs::write(folder.join("encoder/config.json"), "{ }").unwrap(),
            "expected 2 bytes",
        ),
        (
            "altered",
            &|folder| fs::write(folder.join("encoder/config.json"), "[]").unwrap(),
            "SHA-256 differs",
        ),
        (
            "outside",
            &|folder| manifest(folder, "encoder/config.json", "encoder/../heads.safetensors"),
            "plain name",
        ),
        ("other width", &|folder| manifest(folder, "\"width\": 3\n", "\"width\": 4\n"), "encoder.mean"),
        ("no width", &|folder| manifest(folder, "\"width\": 3\n", "\"width\": 0\n"), "1 to 65536 numbers"),
        (
            "huge",
            &|folder| manifest(folder, "\"width\": 3\n", "\"width\": 18446744073709551615\n"),
            "1 to 65536",
        ),
        ("other kind", &|folder| manifest(folder, "\"transformer\"", "\"oracle\""), "manifest.json"),
    ];
    for (name, damage, said) in damages {
        let folder = home.path().join("bundle");
        model.save(&folder).unwrap();
        damage(&folder);
        let found = Model::load(&folder).and_then(|model| model.encoder().unwrap().verify());
        let error = found.unwrap_err();
        let source = std::error::Error::source(&error).map(ToString::to_string).unwrap_or_default();
        assert!(format!("{error}: {source}").contains(said), "{name}: {error}: {source}");
        fs::remove_dir_all(folder).unwrap();
    }
}

#[test]
fn files_beside_those_of_the_encoder_are_not_deleted() {
    let home = tempfile::tempdir().unwrap();
    let model = train(home.path(), &Halves, few_words()).unwrap();
    let folder = home.path().join("bundle");
    model.save(&folder).unwrap();
    fs::create_dir(folder.join("encoder/notes")).unwrap();
    fs::write(folder.join("encoder/notes/mine.txt"), "mine").unwrap();
    let error = model.save(&folder).unwrap_err().to_string();
    assert!(error.contains("mine.txt") && folder.join("encoder/notes/mine.txt").exists(), "{error}");
}
