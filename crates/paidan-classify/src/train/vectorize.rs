use paidan_text::PreparedTicket;
use rayon::prelude::*;

use super::rows::Rows;
use crate::Error;
use crate::encoder::{Centering, Embeddings, TrainingEncoder, embed_tickets};
use crate::features::Vectorizer;
use crate::progress::{Observer, report};

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

/// The features of all tickets, lexical first.
pub(super) fn vectorize(
    vectorizer: &Vectorizer,
    tickets: &[PreparedTicket],
    embedded: Option<&(Embeddings, Centering)>,
    observer: &dyn Observer,
) -> Result<Rows, Error> {
    let vector = |(index, ticket): (usize, &PreparedTicket)| {
        let mut vector = vectorizer.vector(ticket);
        if let Some((embeddings, centering)) = embedded {
            let embedding = embeddings.row(index).unwrap_or_default();
            vector.append(vectorizer.vocabulary.len(), &centering.apply(embedding));
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
