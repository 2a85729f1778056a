//! The public interface of crate `paidan`, as an embedder uses it.

#![expect(clippy::unwrap_used, reason = "a test may panic, its helpers too")]

use std::path::{Path, PathBuf};

use paidan::{
    Dictionary, Engine, ErrorKind, Evaluator, Example, Model, Outcome, PredictionLine, Progress, Silent,
    Source, Ticket, TicketColumns, TicketReader, TrainSettings, Trainer,
};

fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn default_engine() -> Engine {
    Engine::load(repository().join("models/default")).unwrap()
}

/// The invented tickets of `examples/tickets.csv`, with their labels for `tasks`.
fn examples(tasks: &[&str]) -> Vec<(Ticket, Vec<Option<String>>)> {
    let source = Source::Path(repository().join("examples/tickets.csv"));
    let reader = TicketReader::open(&[source], &TicketColumns::default()).unwrap();
    let rows = reader.map(Result::unwrap);
    rows.map(|row| {
        let labels = tasks.iter().map(|task| row.record.get(task).map(str::to_owned)).collect();
        (row.ticket, labels)
    })
    .collect()
}

fn tickets() -> Vec<Ticket> {
    examples(&[]).into_iter().map(|(ticket, _)| ticket).collect()
}

#[test]
fn engine_and_model_are_shared_by_threads() {
    fn shared<T: Send + Sync>() {}
    shared::<Engine>();
    shared::<Model>();
    shared::<paidan::Error>();
}

#[test]
fn the_default_model_reads_the_invented_tickets() {
    let engine = default_engine();
    let tasks = ["type", "department", "urgency"];
    let mut evaluator = Evaluator::new(&engine, &tasks).unwrap();
    let examples = examples(&tasks);
    assert_eq!(examples.len(), 60);
    for (ticket, labels) in examples {
        evaluator.push(ticket, labels, Some("all".to_owned()));
    }
    let evaluation = evaluator.finish().unwrap();
    assert_eq!(evaluation.slices["all"], evaluation.tasks);
    // The figures when this was written: 1.00, 0.92, 0.92.
    for (report, least) in evaluation.tasks.iter().zip([0.95, 0.85, 0.85]) {
        assert_eq!((report.rows, report.unknown_labels), (60, 0));
        assert!(report.accuracy >= least, "{}: {}", report.task, report.accuracy);
    }
}

#[test]
fn the_default_vocabulary_spells_no_number() {
    let model = Model::load(repository().join("models/default")).unwrap();
    assert!(model.vocabulary().len() > 50_000);
    for ngram in model.vocabulary().iter() {
        let longest_run = ngram.split(|c: char| !c.is_ascii_digit()).map(str::len).max().unwrap_or(0);
        assert!(longest_run < 4, "`{ngram}`");
    }
}

#[test]
fn the_default_bundle_is_small() {
    let files = std::fs::read_dir(repository().join("models/default")).unwrap();
    let bytes: u64 = files.map(|file| file.unwrap().metadata().unwrap().len()).sum();
    assert!(bytes <= 12 << 20, "{bytes}");
}

#[test]
fn a_batch_equals_its_single_items_on_any_number_of_threads() {
    let tickets = tickets();
    let engine = default_engine();
    let single: Vec<_> = tickets.iter().map(|ticket| engine.dispatch(ticket).unwrap()).collect();
    for threads in [1, 2, 5] {
        let engine = Engine::builder().threads(threads).load(repository().join("models/default")).unwrap();
        let batch = engine.dispatch_batch(&tickets, &Silent).unwrap();
        let batch: Vec<_> = batch.into_iter().map(Result::unwrap).collect();
        assert_eq!(batch, single);
        let predictions = engine.predict_batch(&tickets[..7], &Silent).unwrap();
        for (predicted, decision) in predictions.into_iter().zip(&single) {
            assert_eq!(predicted.unwrap(), decision.predictions);
        }
    }
}

#[test]
fn one_engine_serves_many_threads_while_it_is_reloaded() {
    let engine = default_engine();
    let tickets = tickets();
    let expected = engine.predict(&tickets[3]).unwrap();
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                for _ in 0..50 {
                    assert_eq!(engine.predict(&tickets[3]).unwrap(), expected);
                }
            });
        }
        for _ in 0..3 {
            engine.reload(repository().join("models/default")).unwrap();
        }
    });
    assert!(engine.reload(repository().join("models/nowhere")).is_err());
    assert_eq!(engine.predict(&tickets[3]).unwrap(), expected, "a failed reload leaves the old bundle");
}

#[test]
fn a_ticket_that_cannot_be_read_is_an_error_in_its_place() {
    let engine = default_engine();
    let batch = [Ticket::new("小区停电"), Ticket::new(" \u{3000}\n"), Ticket::new("").with_title("路灯不亮")];
    let results = engine.predict_batch(&batch, &Silent).unwrap();
    assert!(results[0].is_ok() && results[2].is_ok());
    assert!(matches!(results[1].as_ref().unwrap_err().kind(), ErrorKind::EmptyTicket));
}

#[test]
fn an_observer_can_stop_a_batch() {
    let engine = default_engine();
    let error = engine.predict_batch(&tickets(), &|_: Progress| false).unwrap_err();
    assert!(error.is_cancelled());
}

#[test]
fn evidence_points_into_the_original() {
    let engine = default_engine();
    let original = "😀　请回电１３８００００１２３４，小区垃圾没人清运，臭气熏天";
    let decision = engine.dispatch(&Ticket::new(original)).unwrap();
    let chars: Vec<char> = original.chars().collect();
    let mut seen = 0;
    for evidence in &decision.explanation.evidence {
        for word in evidence.supporting.iter().chain(&evidence.opposing) {
            let spelled: String = chars[word.start..word.end].iter().collect();
            if word.word == "⟦phone⟧" {
                assert_eq!(spelled, "１３８００００１２３４");
            } else {
                assert_eq!(spelled, word.word);
            }
            seen += 1;
        }
        let weights: Vec<f32> = evidence.supporting.iter().map(|word| word.weight).collect();
        assert!(weights.is_sorted_by(|a, b| a >= b) && weights.iter().all(|weight| *weight > 0.0));
    }
    assert!(seen > 5);
}

#[test]
fn no_output_holds_what_was_masked() {
    let engine = default_engine();
    let ticket =
        Ticket::new("我的电话是138-0000-1234，邮箱li@example.com，身份证11010119000307728X，路灯坏了")
            .with_title("13900004321 路灯");
    let decision = engine.dispatch(&ticket).unwrap();
    let written = serde_json::to_string(&decision).unwrap() + &format!("{decision:?} {ticket:?}");
    for secret in ["0000", "li@", "example", "110101"] {
        assert!(!written.contains(secret), "{secret}: {written}");
    }
    assert!(decision.explanation.masked_text.contains("⟦id_card⟧"));
    assert!(decision.explanation.masked_title.contains("⟦phone⟧"));
}

#[test]
fn the_object_written_begins_with_schema_and_id() {
    let engine = default_engine();
    let ticket = Ticket::new("孩子上学学区怎么划分").with_id("A-1");
    let predictions = engine.predict(&ticket).unwrap();
    let line = serde_json::to_string(&PredictionLine { id: &ticket.id, predictions: &predictions }).unwrap();
    assert!(line.starts_with(r#"{"schema":1,"id":"A-1","type":{"label":""#), "{line}");
    let decision = engine.dispatch(&ticket).unwrap();
    let parse = |json: &str| serde_json::from_str::<serde_json::Value>(json).unwrap();
    let object = parse(&serde_json::to_string(&decision).unwrap());
    assert_eq!(object["department"], parse(&line)["department"]);
    assert_eq!(object["department"]["accepted"], serde_json::Value::Null);
    // No threshold, no promise: a person looks.
    assert_eq!(decision.outcome, Outcome::Review);
    assert_eq!(object["explanation"]["reasons"][0]["code"], "no_threshold");
}

#[test]
fn trains_saves_and_answers() {
    let mut trainer = Trainer::new(["type"], TrainSettings::default(), Dictionary::default()).unwrap();
    for (ticket, labels) in examples(&["type"]) {
        trainer.push(ticket, Example { labels, ..Example::default() });
    }
    let model = trainer.fit(&Silent).unwrap();
    let folder = tempfile::tempdir().unwrap();
    model.save(folder.path().join("bundle")).unwrap();
    let engine = Engine::load(folder.path().join("bundle")).unwrap();
    let predictions = engine.predict(&Ticket::new("感谢社区医生上门，服务热情周到，提出表扬")).unwrap();
    assert_eq!(predictions[0].label, "表扬");
    assert!(Evaluator::new(&engine, &["department"]).is_err());
}

#[test]
fn a_model_in_memory_answers_as_the_one_on_disk() {
    let loaded = default_engine();
    let built = Engine::builder().threads(2).build(loaded.with_model(Model::clone)).unwrap();
    let tickets = tickets();
    let labels = |engine: &Engine| {
        let answers = engine.predict_batch(&tickets, &Silent).unwrap();
        answers.into_iter().map(Result::unwrap).collect::<Vec<_>>()
    };
    assert_eq!(labels(&built), labels(&loaded));
    let text = &tickets[0].text;
    assert_eq!(built.prepare(text).words().collect::<String>(), loaded.prepare(text).masked());
    assert!(Engine::builder().threads(0).build(loaded.with_model(Model::clone)).is_err());
}

#[test]
fn all_probabilities_of_a_task_and_the_answers_to_it() {
    let engine = default_engine();
    let examples = examples(&["type"]);
    let tickets = tickets();
    let all = engine.label_probabilities("type", &tickets, &Silent).unwrap();
    let predictions = engine.predict_batch(&tickets, &Silent).unwrap();
    for (probabilities, predictions) in all.iter().zip(&predictions) {
        let probabilities = probabilities.as_ref().unwrap();
        let best = probabilities.iter().copied().fold(0.0, f32::max);
        assert_eq!((probabilities.len(), best), (6, predictions.as_ref().unwrap()[0].probability));
    }
    let unknown = engine.label_probabilities("weather", &tickets, &Silent).unwrap_err();
    assert!(matches!(unknown.kind(), ErrorKind::UnknownTask { .. }));
    let mut evaluator = Evaluator::new(&engine, &["type"]).unwrap();
    for (ticket, labels) in examples {
        evaluator.push(ticket, labels, None);
    }
    let answers = evaluator.answers();
    let right = answers[0].1.iter().filter(|answer| answer.right).count();
    let accuracy = evaluator.finish().unwrap().tasks[0].accuracy;
    assert_eq!((answers[0].0.as_str(), answers[0].1.len()), ("type", 60));
    assert!((right as f64 / 60.0 - accuracy).abs() < 1e-9);
}

#[test]
fn settings_out_of_range_are_refused() {
    let new =
        |tasks: &[&str]| Trainer::new(tasks.iter().copied(), TrainSettings::default(), Dictionary::default());
    for tasks in [&[] as &[&str], &[""], &["id"], &["a", "a"], &["a b"]] {
        assert!(new(tasks).is_err(), "{tasks:?}");
    }
    assert!(new(&["type"]).unwrap().fit(&Silent).is_err(), "no ticket");
    assert!(Engine::builder().threads(0).load(repository().join("models/default")).is_err());
}

/// Bundles of every format version load for ever, and answer as they did when they were written.
#[test]
fn old_bundles_still_load() {
    let engine = Engine::load(repository().join("tests/fixtures/bundle-v1")).unwrap();
    let predictions = engine.predict(&Ticket::new("小区停水两天了")).unwrap();
    assert_eq!(predictions[0].task, "type");
    assert_eq!(predictions[0].label, FIXTURE_LABEL);
    assert!(
        (predictions[0].probability - FIXTURE_PROBABILITY).abs() < 1e-4,
        "{}",
        predictions[0].probability
    );
}

/// The same for one with an encoder.
#[cfg(feature = "encoder")]
#[test]
fn old_bundles_with_an_encoder_still_load() {
    let engine = Engine::load(repository().join("tests/fixtures/bundle-v2")).unwrap();
    let predictions = engine.predict(&Ticket::new("小区停水两天了")).unwrap();
    assert_eq!(predictions[0].label, "求助");
    assert!((predictions[0].probability - 0.625_267).abs() < 1e-4, "{}", predictions[0].probability);
}

/// Embeddings are of the masked text, and a ticket is embedded as it is predicted: alone or among others.
#[cfg(feature = "encoder")]
#[test]
fn embeddings_do_not_depend_on_the_texts_beside() {
    let engine = Engine::builder().threads(2).load(repository().join("tests/fixtures/bundle-v2")).unwrap();
    let texts: Vec<String> =
        (0..300).map(|i| format!("第{i}号路灯不亮，{}", "很久了，".repeat(i % 9))).collect();
    let all = engine.embed(&texts).unwrap();
    assert_eq!((all.len(), all.width(), engine.embedding_width()), (300, 32, 32));
    for i in [0, 100, 255, 256, 299] {
        assert_eq!(engine.embed(&texts[i..=i]).unwrap().row(0), all.row(i));
    }
    let masked = engine.embed(&["电话13800001234", "电话13900004321"]).unwrap();
    assert_eq!(masked.row(0), masked.row(1));
    assert!(engine.embed(&[] as &[&str]).unwrap().is_empty());
    let lexical = Engine::load(repository().join("tests/fixtures/bundle-v1")).unwrap();
    assert_eq!(lexical.embedding_width(), 0);
    assert!(lexical.embed(&["路灯不亮"]).unwrap_err().to_string().contains("--encoder"));
}

const FIXTURE_LABEL: &str = "投诉";
const FIXTURE_PROBABILITY: f32 = 0.5039011;
