//! Damaged and hostile models give an error that names the place; odd texts give an embedding.

#![expect(clippy::unwrap_used, clippy::expect_used, reason = "tests")]

mod support;

use std::path::Path;

#[cfg(not(feature = "cuda"))]
use paidan_encoder::Device;
use paidan_encoder::{Encoder, EncoderOptions, LongTexts, Pooling, Precision};
use support::{distance, expected, folder};
use tempfile::TempDir;

/// A copy of a fixture that can be damaged.
fn copy(model: &str) -> TempDir {
    fn copy(from: &Path, to: &Path) {
        for entry in std::fs::read_dir(from).unwrap() {
            let entry = entry.unwrap();
            let to = to.join(entry.file_name());
            if entry.file_type().unwrap().is_dir() {
                std::fs::create_dir(&to).unwrap();
                copy(&entry.path(), &to);
            } else {
                std::fs::copy(entry.path(), to).unwrap();
            }
        }
    }
    let to = tempfile::tempdir().unwrap();
    copy(&folder(model), to.path());
    to
}

/// The message of the error, and those of its sources, that opening `folder` gives.
fn problem(folder: &Path) -> String {
    let error = Encoder::open(folder).expect_err("opened");
    let mut message = error.to_string();
    let mut source = std::error::Error::source(&error);
    while let Some(error) = source {
        message += &format!(": {error}");
        source = error.source();
    }
    message
}

/// What opening a copy of `model` says in which the text `from` of `file` was replaced.
fn problem_after(model: &str, file: &str, from: &str, to: &str) -> String {
    let copy = copy(model);
    let path = copy.path().join(file);
    let text = std::fs::read_to_string(&path).unwrap();
    assert!(text.contains(from), "{file}");
    std::fs::write(&path, text.replace(from, to)).unwrap();
    problem(copy.path())
}

/// The safetensors file `path` with its header changed by `change` and the numbers of `tensor` by `fill`.
fn rewrite(path: &Path, change: impl Fn(String) -> String, tensor: &str, fill: Option<f32>) {
    let bytes = std::fs::read(path).unwrap();
    let (length, rest) = bytes.split_at(8);
    let (header, data) = rest.split_at(u64::from_le_bytes(length.try_into().unwrap()) as usize);
    let header = String::from_utf8(header.to_vec()).unwrap();
    let mut data = data.to_vec();
    if let Some(fill) = fill {
        let json: serde_json::Value = serde_json::from_str(&header).unwrap();
        let start = json[tensor]["data_offsets"][0].as_u64().unwrap() as usize;
        data[start + 4..start + 8].copy_from_slice(&fill.to_le_bytes());
    }
    let header = change(header);
    let mut changed = (header.len() as u64).to_le_bytes().to_vec();
    changed.extend(header.as_bytes());
    changed.extend(data);
    std::fs::write(path, changed).unwrap();
}

#[test]
fn configuration_and_tensors_that_disagree_name_the_tensor_and_both_shapes() {
    let problem =
        problem_after("bert-erf", "config.json", "\"intermediate_size\": 72", "\"intermediate_size\": 80");
    assert_eq!(
        problem,
        "model file `model.safetensors`: tensor `encoder.layer.0.intermediate.dense.weight`: expected shape \
         [80, 32] after `config.json`, found [72, 32]"
    );
    let problem =
        problem_after("bert-erf", "config.json", "\"num_hidden_layers\": 3", "\"num_hidden_layers\": 4");
    assert!(
        problem.contains("tensor `encoder.layer.3.attention.self.query.weight`: expected shape [32, 32]")
    );
    assert!(problem.ends_with("found none"), "{problem}");
}

#[test]
fn a_smaller_vocabulary_than_the_tokenizer_has_is_refused() {
    let problem = problem_after("bert-erf", "config.json", "\"vocab_size\": 183", "\"vocab_size\": 100");
    assert_eq!(
        problem,
        "model file `tokenizer.json`: expected ids below 100, `vocab_size` in `config.json`, found 182"
    );
}

#[test]
fn weights_that_are_no_numbers_are_refused() {
    for value in [f32::NAN, f32::INFINITY] {
        let copy = copy("bert-erf");
        let tensor = "encoder.layer.1.output.dense.bias";
        rewrite(&copy.path().join("model.safetensors"), |header| header, tensor, Some(value));
        let problem = problem(copy.path());
        assert!(problem.contains(&format!("tensor `{tensor}`: expected finite numbers")), "{problem}");
    }
}

#[test]
fn damaged_safetensors_are_refused() {
    let copy = copy("bert-erf");
    let path = copy.path().join("model.safetensors");
    let bytes = std::fs::read(&path).unwrap();
    let mut huge = bytes.clone();
    huge[..8].copy_from_slice(&(1u64 << 60).to_le_bytes());
    let cases: [(&[u8], &str); 6] = [
        (&huge, "expected a header of at most"),
        (&bytes[..bytes.len() - 1], "bytes of tensors, found"),
        (&bytes[..bytes.len() / 2], "bytes of tensors, found"),
        (&bytes[..100], "expected a header of at most 92 bytes"),
        (&bytes[..3], "expected at least 8 bytes, found 3"),
        (b"\x02\0\0\0\0\0\0\0no", "expected a valid safetensors header"),
    ];
    for (bytes, expected) in cases {
        std::fs::write(&path, bytes).unwrap();
        let problem = problem(copy.path());
        assert!(problem.contains(expected), "{problem}");
    }
    // Offsets that overlap, shapes that overflow, and number formats that are not read.
    let changes: [(&str, &str, &str); 3] = [
        ("\"data_offsets\":[0,", "\"data_offsets\":[4,", "safetensors header"),
        ("\"shape\":[72,32]", "\"shape\":[4611686018427387904,32]", "safetensors header"),
        ("\"dtype\":\"F32\"", "\"dtype\":\"I32\"", "expected F32, F16 or BF16, found I32"),
    ];
    for (from, to, expected) in changes {
        std::fs::write(&path, &bytes).unwrap();
        rewrite(&path, |header| header.replace(from, to), "", None);
        let problem = problem(copy.path());
        assert!(problem.contains(expected), "{problem}");
    }
}

#[test]
fn shards_are_read_from_the_folder_alone() {
    let index = "model.safetensors.index.json";
    for outside in
        ["../weights.safetensors", "/etc/weights.safetensors", "C:\\\\weights.safetensors", "x.bin"]
    {
        let problem = problem_after("bert-relu", index, "model-00001-of-00002.safetensors", outside);
        assert!(problem.contains("expected names of safetensors files beside it"), "{problem}");
    }
    let missing = problem_after("bert-relu", index, "model-00001-of", "model-00007-of");
    assert!(missing.contains("`model-00007-of-00002.safetensors`"), "{missing}");
    assert!(missing.contains("names this file, found none"), "{missing}");
    let moved = problem_after("bert-relu", index, "model-00001-of", "model-00002-of");
    assert!(moved.contains("says it is here, found none"), "{moved}");
    let copy = copy("bert-relu");
    let shard = copy.path().join("model-00001-of-00002.safetensors");
    let bytes = std::fs::read(&shard).unwrap();
    std::fs::write(&shard, &bytes[..bytes.len() / 2]).unwrap();
    let truncated = problem(copy.path());
    assert!(truncated.contains("`model-00001-of-00002.safetensors`"), "{truncated}");
    assert!(truncated.contains("bytes of tensors, found"), "{truncated}");
}

#[test]
fn a_pickle_is_refused_with_the_remedy() {
    let copy = copy("bert-erf");
    std::fs::rename(copy.path().join("model.safetensors"), copy.path().join("pytorch_model.bin")).unwrap();
    let problem = problem(copy.path());
    assert!(problem.contains("`pytorch_model.bin` instead, a Python pickle"), "{problem}");
    assert!(problem.contains("safe_serialization=True"), "{problem}");
}

#[test]
fn missing_files_are_named() {
    for file in ["config.json", "model.safetensors", "1_Pooling/config.json"] {
        let copy = copy("bert-erf");
        std::fs::remove_file(copy.path().join(file)).unwrap();
        let problem = problem(copy.path());
        assert!(problem.starts_with(&format!("model file `{file}`: expected")), "{problem}");
    }
    let empty = tempfile::tempdir().unwrap();
    assert!(problem(empty.path()).contains("`config.json`"));
    assert!(problem(&empty.path().join("none")).contains("`config.json`"));
}

#[test]
fn a_tokenizer_that_makes_its_library_panic_is_refused() {
    let copy = copy("bert-erf");
    let tokenizer = r#"{"version": "1.0", "truncation": null, "padding": null, "added_tokens": [],
        "normalizer": null, "pre_tokenizer": null, "post_processor": null, "decoder": null,
        "model": {"type": "BPE", "vocab": {"a": 0, "b": 1, "ab": 2}, "merges": ["a b"],
            "continuing_subword_prefix": "--", "dropout": null, "unk_token": null,
            "end_of_word_suffix": null, "fuse_unk": false, "byte_fallback": false}}"#;
    std::fs::write(copy.path().join("tokenizer.json"), tokenizer).unwrap();
    let problem = problem(copy.path());
    assert!(problem.contains("the tokenizer library panicked"), "{problem}");
}

#[test]
fn poolings_that_are_not_supported_are_refused() {
    let pooling = "1_Pooling/config.json";
    let max = problem_after(
        "albert",
        pooling,
        "\"pooling_mode_mean_tokens\": true",
        "\"pooling_mode_lasttoken\": true",
    );
    assert!(max.contains("expected one of `cls` and `mean`, found `lasttoken`"), "{max}");
    let both = problem_after(
        "albert",
        pooling,
        "\"pooling_mode_cls_token\": false",
        "\"pooling_mode_cls_token\": true",
    );
    assert!(both.contains("several"), "{both}");
    let dense = problem_after("albert", "modules.json", "models.Normalize", "models.Dense");
    assert!(dense.contains("found `sentence_transformers.models.Dense`"), "{dense}");
    let outside = problem_after("albert", "modules.json", "\"1_Pooling\"", "\"../1_Pooling\"");
    assert!(outside.contains("expected the name of a folder"), "{outside}");
}

#[test]
fn options_out_of_range_are_refused() {
    let problem = |options: EncoderOptions| options.open(folder("bert-erf")).unwrap_err().to_string();
    assert_eq!(
        problem(EncoderOptions::new().max_length(513)),
        "max length: expected 3 to 512 tokens, as the model has it, found 513"
    );
    assert!(problem(EncoderOptions::new().max_length(2)).contains("found 2"));
    assert!(problem(EncoderOptions::new().threads(0)).contains("expected 1 to 1024, found 0"));
    assert_eq!(
        problem(EncoderOptions::new().precision(Precision::F16)),
        "precision: expected F32 or Int8 on the CPU, found F16"
    );
    #[cfg(not(feature = "cuda"))]
    assert!(problem(EncoderOptions::new().device(Device::Cuda(0))).contains("feature `cuda`"));
}

#[test]
fn odd_texts_have_embeddings() {
    let encoder = Encoder::open(folder("bert-erf")).unwrap();
    let long = "一丁七".repeat(333_334);
    let texts = ["", "\0\u{feff}", "龘龘龘", "[SEP][CLS][MASK]", "\u{1F600}\u{0301}", &long];
    let found = encoder.encode(&texts).unwrap();
    for row in found.rows() {
        let length: f32 = row.iter().map(|value| value * value).sum();
        assert!((length - 1.0).abs() < 1e-5);
    }
    assert_eq!(found.row(0), found.row(1), "what is dropped leaves an empty text");
    assert_eq!((0..texts.len()).filter(|at| found.truncated(*at)).collect::<Vec<_>>(), [5]);
    assert!(encoder.encode(&[""; 0]).unwrap().is_empty());
}

#[test]
fn tokens_are_counted_beyond_what_the_model_takes() {
    let encoder = Encoder::open(folder("bert-erf")).unwrap();
    assert_eq!(encoder.token_count("").unwrap(), 2);
    let long = "水".repeat(1_000);
    assert_eq!(encoder.token_count(&long).unwrap(), 1_002);
    assert!(encoder.max_length() < 1_002 && encoder.encode(&[long]).unwrap().truncated(0));
}

#[test]
fn long_texts_are_read_in_windows_on_request() {
    let (texts, windows) = (expected("bert-erf").texts, LongTexts::Windows);
    let options = EncoderOptions::new().max_length(12).pooling(Pooling::Mean).normalize(false);
    let (plain, windows) = (
        options.clone().open(folder("bert-erf")).unwrap(),
        options.long_texts(windows).open(folder("bert-erf")).unwrap(),
    );
    // Two windows of ten tokens, then one of five.
    let text = "一丁七一丁七一丁七一丁丁丁丁丁七七七七七一一一一一";
    let cut: Vec<String> =
        text.chars().collect::<Vec<_>>().chunks(10).map(|window| window.iter().collect()).collect();
    let parts = plain.encode(&cut).unwrap();
    let mean: Vec<f32> = (0..plain.hidden_size())
        .map(|at| parts.rows().zip([0.4, 0.4, 0.2]).map(|(row, share)| share * row[at]).sum())
        .collect();
    let found = windows.encode(&[text]).unwrap();
    assert!(distance(found.row(0).unwrap(), &mean) < 1e-6);
    assert!(!found.truncated(0));
    // Texts that fit are as without windows.
    assert_eq!(windows.encode(&texts[..4]).unwrap(), plain.encode(&texts[..4]).unwrap());
}

#[test]
fn nothing_shows_the_text() {
    let encoder = Encoder::open(folder("bert-erf")).unwrap();
    let embeddings = encoder.encode(&["幸福路"]).unwrap();
    assert_eq!(format!("{embeddings:?}"), "Embeddings { len: 1, width: 32, .. }");
    assert!(!format!("{encoder:?}").contains("vocab"));
}

#[test]
fn encoders_are_shared_between_threads() {
    fn shared<T: Send + Sync>() {}
    shared::<Encoder>();
    shared::<EncoderOptions>();
    shared::<paidan_encoder::Embeddings>();
    shared::<paidan_encoder::Error>();
}
