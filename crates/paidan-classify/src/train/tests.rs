use std::sync::{Arc, LazyLock};

use paidan_text::{Dictionary, JiebaSegmenter, TextPipeline, Ticket};

use super::*;
use crate::{Model, Observer, Progress, Silent};

static PIPELINE: LazyLock<TextPipeline> =
    LazyLock::new(|| TextPipeline::new(Arc::new(JiebaSegmenter::new(&Dictionary::default()))));

const MATTERS: [(&str, &str); 4] =
    [("楼道路灯不亮", "市政"), ("小区停水两天", "供水"), ("公交车不进站", "公交"), ("工地拖欠工资", "人社")];

/// `rows` tickets on four matters, with labels by `label`.
fn dataset(rows: usize, label: impl Fn(usize, &str) -> Option<String>) -> Dataset {
    let mut dataset = Dataset::new(["matter"]).unwrap();
    for i in 0..rows {
        let (text, matter) = MATTERS[i % MATTERS.len()];
        let ticket = PIPELINE.prepare_ticket(&Ticket::new(format!("{text}，第{i}次反映，请处理")));
        dataset.push(ticket, Example { labels: vec![label(i, matter)], ..Example::default() });
    }
    dataset
}

fn fit(dataset: &Dataset, observer: &dyn Observer) -> Result<Model, crate::Error> {
    Trainer::new(TrainSettings::default()).fit(
        dataset,
        &Dictionary::default(),
        PIPELINE.segmenter(),
        observer,
    )
}

fn matters(rows: usize) -> Dataset {
    dataset(rows, |_, matter| Some(matter.to_owned()))
}

#[test]
fn learns_what_is_plain() {
    let model = fit(&matters(80), &Silent).unwrap();
    let probabilities = model.probabilities(&PIPELINE.prepare_ticket(&Ticket::new("老板不发工资")));
    let best = probabilities[0].iter().copied().fold(0.0, f32::max);
    let label = probabilities[0].iter().position(|p| *p == best).unwrap();
    assert_eq!(model.tasks()[0].labels().get(label), Some("人社"));
    assert!((probabilities[0].iter().sum::<f32>() - 1.0).abs() < 1e-5);
    assert!(model.summary().tasks[0].metrics["accuracy"] > 0.99);
}

#[test]
fn any_number_of_threads_gives_the_same_model() {
    let data = matters(200);
    let bytes = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        let folder = tempfile::tempdir().unwrap();
        let model = pool.install(|| fit(&data, &Silent)).unwrap();
        model.save(folder.path().join("m")).unwrap();
        ["manifest.json", "heads.safetensors", "vocabulary.txt"]
            .map(|name| std::fs::read(folder.path().join("m").join(name)).unwrap())
    };
    assert!(bytes(1) == bytes(3));
}

#[test]
fn odd_labels_are_handled_and_said() {
    let one = fit(&dataset(20, |_, _| Some("投诉".to_owned())), &Silent).unwrap();
    let probabilities = one.probabilities(&PIPELINE.prepare_ticket(&Ticket::new("路灯不亮")));
    assert_eq!(probabilities, [[1.0]]);
    assert!(one.summary().tasks[0].notes[0].contains("only one label"));

    let odd = dataset(40, |i, matter| match i {
        0 => Some("孤例".to_owned()),
        1 => None,
        2 => Some(" ".to_owned()),
        _ if i % 2 == 0 => Some(format!("{matter} ")),
        _ => Some(matter.to_owned()),
    });
    let model = fit(&odd, &Silent).unwrap();
    let summary = &model.summary().tasks[0];
    assert_eq!((summary.rows, summary.labels), (38, 5), "{summary:?}");
    for said in ["2 rows have no label", "single example, learnt but not measured: `孤例`"] {
        assert!(summary.notes.iter().any(|note| note.contains(said)), "{summary:?}");
    }

    assert!(summary.metrics["accuracy"] > 0.99, "a single example is not measured: {summary:?}");

    let texts = dataset(8, |i, _| Some(format!("李某的电话是1380000{i:04}")));
    let refused = fit(&texts, &Silent).unwrap_err().to_string();
    assert!(refused.starts_with("task `matter`: 8 labels hold personal data") && !refused.contains("1380"));

    let none = fit(&dataset(5, |_, _| None), &Silent).unwrap_err().to_string();
    assert_eq!(none, "task `matter`: expected labels, found none in 5 rows");
}

#[test]
fn rows_of_low_weight_teach_but_do_not_measure() {
    let mut data = matters(40);
    for i in 0..10 {
        let ticket = PIPELINE.prepare_ticket(&Ticket::new(format!("路灯不亮{i}")));
        let labels = vec![Some("供水".to_owned())];
        data.push(ticket, Example { labels, weights: vec![0.05], group: None });
    }
    let model = fit(&data, &Silent).unwrap();
    let summary = &model.summary().tasks[0];
    assert_eq!(summary.rows, 50);
    assert!(summary.notes.contains(&"10 rows of weight below 0.5 are learnt but not measured".to_owned()));
    assert!(summary.metrics["accuracy"] > 0.95, "{summary:?}");
}

#[test]
fn an_observer_can_stop_it_at_every_stage() {
    for stage in ["count", "vectorize", "cross-validate", "fit"] {
        let stop = |progress: Progress| progress.stage != stage;
        assert!(fit(&matters(40), &stop).unwrap_err().is_cancelled(), "{stage}");
    }
}

#[test]
fn tickets_without_labels_teach_which_words_are_alike() {
    // 潮湿 stands in no labelled ticket, but beside the words of those on leaks.
    let mut data = Dataset::new(["matter"]).unwrap();
    let character = |i: usize| char::from_u32(0x4e00 + (i * 7919 % 400 * 13) as u32).unwrap();
    let noise = |i: usize| (0..6).map(|j| character(i * 17 + j * 131)).collect::<String>();
    let push = |data: &mut Dataset, text: String, label: Option<&str>| {
        let ticket = PIPELINE.prepare_ticket(&Ticket::new(text));
        let labels = vec![label.map(str::to_owned)];
        match label {
            Some(_) => data.push(ticket, Example { labels, ..Example::default() }),
            None => data.push_unlabelled(ticket),
        }
    };
    for i in 0..60 {
        push(&mut data, format!("{}漏水{}", noise(i), noise(i + 900)), Some("房屋"));
        push(&mut data, format!("{}欠薪{}", noise(i + 300), noise(i + 1200)), Some("人社"));
    }
    let ask = |data: &Dataset| {
        let model = fit(data, &Silent).unwrap();
        let probabilities = model.probabilities(&PIPELINE.prepare_ticket(&Ticket::new("潮湿")));
        let house = model.tasks()[0].labels().iter().position(|label| label == "房屋").unwrap();
        (probabilities[0][house], model)
    };
    let (before, plain) = ask(&data);
    assert!(plain.vocabulary().iter().all(|spelled| spelled != "潮湿"));
    for i in 0..1500 {
        let (seen, unseen) = if i % 2 == 0 { ("漏水", "潮湿") } else { ("欠薪", "工资") };
        let pair = if i < 100 { format!("{seen}以及{unseen}") } else { noise(i) };
        push(&mut data, format!("{}{pair}{}", noise(i + 5000), noise(i + 7000)), None);
    }
    let (after, taught) = ask(&data);
    assert!(after > before + 0.1, "{before} {after}");
    assert_eq!(taught.summary().unlabelled, 1500);
    let (again, _) = ask(&data);
    assert_eq!(after, again);
    let stop = |progress: Progress| progress.stage != "learn word vectors";
    assert!(fit(&data, &stop).unwrap_err().is_cancelled());
}
