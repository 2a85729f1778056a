use std::path::Path;

use paidan_text::Dictionary;

use super::files::{MAX_MANIFEST, read_plain, read_verified};
use super::manifest::{Manifest, TaskEntry};
use super::tensors::Tensors;
use super::{DICTIONARY, HEADS, MANIFEST, VOCABULARY};
use crate::encoder::{EncoderFiles, ModelEncoder};
use crate::features::Vectorizer;
use crate::heads::Heads;
use crate::model::{Form, Task};
use crate::path_tree::PathTree;
use crate::{Error, LabelSet, Model, TaskKind, Vocabulary};

impl Model {
    /// Reads the bundle in `folder`, checking size and SHA-256 of every file before use.
    ///
    /// # Errors
    ///
    /// A missing, damaged, altered or foreign file, a format newer than
    /// [`FORMAT_VERSION`](crate::FORMAT_VERSION), or anything in the files that does not fit together.
    pub fn load(folder: impl AsRef<Path>) -> Result<Self, Error> {
        let folder = folder.as_ref();
        let manifest = Manifest::parse(&read_plain(folder, MANIFEST, MAX_MANIFEST)?)?;
        let verified = |name: &str| read_verified(folder, name, manifest.files.get(name));
        let vocabulary = Vocabulary::parse(&utf8(VOCABULARY, verified(VOCABULARY)?)?)?;
        let dictionary = Dictionary::parse(&utf8(DICTIONARY, verified(DICTIONARY)?)?)
            .map_err(|error| Error::bundle(DICTIONARY, error.to_string()))?;
        let heads = verified(HEADS)?;
        let width = manifest.encoder.as_ref().map_or(0, |encoder| encoder.width);
        let tensors = Tensors::parse(&heads, vocabulary.len(), width)?;
        let idf = tensors.idf()?;
        let encoder = match encoder_files(folder, &manifest) {
            Some(files) => Some(ModelEncoder { files, centering: tensors.centering()? }),
            None => None,
        };
        let heads: Result<Vec<_>, Error> =
            manifest.tasks.iter().map(|entry| tensors.head(&entry.name, entry.labels.len())).collect();
        Ok(Self {
            vectorizer: Vectorizer { settings: manifest.features, vocabulary, idf },
            tasks: manifest.tasks.into_iter().map(task).collect(),
            heads: Heads::new(heads?),
            dictionary,
            encoder,
            summary: manifest.training,
        })
    }
}

/// See [`EncoderFiles::of_bundle`].
pub(crate) fn encoder_of(folder: &Path) -> Result<Option<EncoderFiles>, Error> {
    let manifest = Manifest::parse(&read_plain(folder, MANIFEST, MAX_MANIFEST)?)?;
    Ok(encoder_files(folder, &manifest))
}

fn encoder_files(folder: &Path, manifest: &Manifest) -> Option<EncoderFiles> {
    let encoder = manifest.encoder.as_ref()?;
    Some(EncoderFiles::listed(folder, encoder.kind, manifest.encoder_files()))
}

fn task(entry: TaskEntry) -> Task {
    let kind = entry.kind();
    let (labels, names) = entry.labels.into_iter().map(|entry| (entry.label, entry.name)).unzip();
    let labels = LabelSet::from_labels(labels);
    let form = match (kind, entry.set) {
        (_, Some(rule)) => Form::Set(rule),
        (Some(TaskKind::Path), None) => Form::Path(PathTree::new(&labels)),
        _ => Form::Label,
    };
    let risk = entry.risk.unwrap_or_default().into_risk(entry.threshold, &labels);
    Task { name: entry.name, labels, names, form, calibration: entry.calibration, risk }
}

fn utf8(name: &str, bytes: Vec<u8>) -> Result<String, Error> {
    String::from_utf8(bytes).map_err(|error| {
        let at = error.utf8_error().valid_up_to();
        Error::bundle(name, format!("expected UTF-8, found another byte after {at} bytes"))
    })
}
