use std::borrow::Cow;
use std::error::Error as StdError;
use std::fmt;

use paidan_text::PreparedTicket;

use super::Embeddings;

/// Turns texts into embeddings: a transformer, or a mean of word vectors.
///
/// The same text must have the same embedding to the bit, alone or among others, on any number of threads.
pub trait Embedder: Send + Sync {
    /// Numbers in an embedding, at least 1.
    fn width(&self) -> usize;

    /// The embeddings of `texts`, on the threads of the current rayon pool. Texts are normalised and masked.
    ///
    /// # Errors
    ///
    /// The encoder or its device failed; the message holds no text.
    fn embed(&self, texts: &[&str]) -> Result<Embeddings, EncoderError>;
}

/// What an encoder failed with, in opening or in embedding.
#[derive(Debug)]
pub struct EncoderError {
    source: Box<dyn StdError + Send + Sync>,
}

impl EncoderError {
    /// The error of the encoder's library; its message must hold no text.
    pub fn new(source: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        Self { source: source.into() }
    }
}

impl fmt::Display for EncoderError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.source.fmt(f)
    }
}

impl StdError for EncoderError {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        // `Display` shows the library's words, so that its source comes next.
        self.source.source()
    }
}

/// The embeddings of `tickets`, each of its masked title and text, in their order.
///
/// # Errors
///
/// Those of [`Embedder::embed`]; embeddings that do not fit the tickets or hold something that is no number.
pub fn embed_tickets<'t>(
    embedder: &dyn Embedder,
    tickets: impl IntoIterator<Item = &'t PreparedTicket>,
) -> Result<Embeddings, EncoderError> {
    let texts: Vec<Cow<'_, str>> = tickets.into_iter().map(text).collect();
    let texts: Vec<&str> = texts.iter().map(AsRef::as_ref).collect();
    let embeddings = embedder.embed(&texts)?;
    match embeddings.problem(texts.len(), embedder.width()) {
        Some(problem) => Err(EncoderError::new(problem)),
        None => Ok(embeddings),
    }
}

/// What of a ticket is embedded.
fn text(ticket: &PreparedTicket) -> Cow<'_, str> {
    match (ticket.title.masked(), ticket.text.masked()) {
        (title, "") => title.into(),
        ("", text) => text.into(),
        (title, text) => format!("{title}\n{text}").into(),
    }
}
