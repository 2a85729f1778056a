//! Against transformers, on the tiny models of `tests/fixtures/make_models.py`.

#![expect(clippy::unwrap_used, reason = "tests")]

mod support;

use paidan_encoder::{Encoder, EncoderOptions, Pooling, Precision};
use support::{MODELS, distance, expected, folder};

/// The pooling of each fixture; two of them do not say it in their files.
fn open(model: &str, options: EncoderOptions) -> Encoder {
    let options = match model {
        "bert-relu" => options.pooling(Pooling::Cls),
        _ => options,
    };
    options.open(folder(model)).unwrap()
}

#[test]
fn embeddings_are_those_of_transformers() {
    for model in MODELS {
        let encoder = open(model, EncoderOptions::new());
        let expected = expected(model);
        let found = encoder.encode(&expected.texts).unwrap();
        assert_eq!(found.len(), expected.texts.len());
        assert_eq!(found.width(), encoder.hidden_size());
        for (at, row) in expected.embeddings.iter().enumerate() {
            let distance = distance(found.row(at).unwrap(), row);
            assert!(
                distance <= 1e-5,
                "{model}, text {at} of {} tokens: {distance:e}",
                expected.ids[at].len()
            );
            assert_eq!(found.truncated(at), expected.ids[at].len() > 512, "{model}, text {at}");
        }
    }
}

#[test]
fn a_text_has_the_same_embedding_alone_and_among_others_on_any_number_of_threads() {
    let precisions = [Precision::F32, Precision::Int8];
    for (model, precision) in
        MODELS.into_iter().flat_map(|model| precisions.map(|precision| (model, precision)))
    {
        let texts = expected(model).texts;
        let options = EncoderOptions::new().precision(precision);
        let reference = open(model, options.clone().threads(1)).encode(&texts).unwrap();
        for threads in [1, 2, 3, 16] {
            let encoder = open(model, options.clone().threads(threads));
            assert_eq!(
                encoder.encode(&texts).unwrap(),
                reference,
                "{model}, {precision:?}, {threads} threads"
            );
            for (at, text) in texts.iter().enumerate() {
                let alone = encoder.encode(&[text]).unwrap();
                assert_eq!(
                    alone.row(0),
                    reference.row(at),
                    "{model}, {precision:?}, {threads} threads, text {at}"
                );
            }
        }
    }
}
