use paidan_text::PreparedTicket;
use rayon::prelude::*;

use super::Dataset;
use super::rows::Rows;
use crate::Error;
use crate::encoder::{Centering, Embeddings, TrainingEncoder, embed_tickets};
use crate::features::Vectorizer;
use crate::progress::{Observer, report};
use crate::vectors::WordVectors;

/// Tickets that are embedded between two reports of progress.
const EMBED_AT_ONCE: usize = 256;

/// The embeddings of all tickets, and their centering.
pub(super) fn embed(
    encoder: TrainingEncoder<'_>,
    tickets: &[PreparedTicket],
    observer: &dyn Observer,
) -> Result<(Embeddings, Centering), Error> {
    let (mut values, mut truncated) = (Vec::new(), 0);
    for (chunk, done) in tickets.chunks(EMBED_AT_ONCE).zip((0..).step_by(EMBED_AT_ONCE)) {
        report(observer, "embed", done, Some(tickets.len()))?;
        let embeddings = embed_tickets(encoder.embedder, chunk)?;
        truncated += embeddings.truncated();
        values.append(&mut embeddings.into_vec());
    }
    let embeddings = Embeddings::new(encoder.embedder.width(), values, truncated);
    let centering = Centering::fit(&embeddings);
    Ok((embeddings, centering))
}

/// The vectors of words, learnt from all tickets; `None` where there are no tickets without labels, because those
/// with labels alone teach the heads nothing that they do not know already.
pub(super) fn word_vectors(
    vectorizer: &Vectorizer,
    dataset: &Dataset,
    observer: &dyn Observer,
) -> Result<Option<WordVectors>, Error> {
    if dataset.unlabelled().is_empty() {
        return Ok(None);
    }
    let keep_going = || report(observer, "learn word vectors", 0, None).is_ok();
    let learnt = WordVectors::learn(vectorizer, dataset.tickets(), dataset.unlabelled(), &keep_going);
    let Some(mut vectors) = learnt.ok_or_else(Error::cancelled)? else { return Ok(None) };
    let rows = vectorize(vectorizer, dataset.tickets(), None, None, observer)?;
    vectors.fit((0..rows.len()).map(|row| rows.row(row)));
    Ok(Some(vectors))
}

/// The features of all tickets: lexical ones, then the vectors of their words, then the embedding.
pub(super) fn vectorize(
    vectorizer: &Vectorizer,
    tickets: &[PreparedTicket],
    vectors: Option<&WordVectors>,
    embedded: Option<&(Embeddings, Centering)>,
    observer: &dyn Observer,
) -> Result<Rows, Error> {
    let lexical = vectorizer.vocabulary.len();
    let vector = |(index, ticket): (usize, &PreparedTicket)| {
        let mut vector = vectorizer.vector(ticket);
        if let Some(vectors) = vectors {
            let of_words = vectors.of_vector(&vector);
            vector.append(lexical, &of_words);
        }
        if let Some((embeddings, centering)) = embedded {
            let embedding = embeddings.row(index).unwrap_or_default();
            let first = lexical + vectors.map_or(0, WordVectors::width);
            vector.append(first, &centering.apply(embedding));
        }
        vector
    };
    let mut rows = Rows::default();
    for chunk in tickets.chunks(2048) {
        report(observer, "vectorize", rows.len(), Some(tickets.len()))?;
        let first = rows.len();
        let vectors: Vec<_> =
            chunk.par_iter().enumerate().map(|(at, ticket)| vector((first + at, ticket))).collect();
        vectors.iter().for_each(|vector| rows.push(vector));
    }
    Ok(rows)
}
