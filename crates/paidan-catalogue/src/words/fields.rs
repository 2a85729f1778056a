use std::ops::Range;

use paidan_text::{CharOffsets, PreparedText, PreparedTicket, Ticket};

/// A part of a ticket.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Field {
    Title,
    Text,
    Address,
}

impl Field {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Title => "title",
            Self::Text => "text",
            Self::Address => "address",
        }
    }
}

/// Code points of a field of the original ticket.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Span {
    pub(crate) field: Field,
    pub(crate) start: usize,
    pub(crate) end: usize,
}

/// Title and text after masking, folded; what rules look at.
pub(crate) struct Fields<'t> {
    ticket: &'t Ticket,
    prepared: &'t PreparedTicket,
    title: String,
    text: String,
}

impl<'t> Fields<'t> {
    pub(crate) fn new(ticket: &'t Ticket, prepared: &'t PreparedTicket) -> Self {
        let (title, text) = (prepared.title.masked(), prepared.text.masked());
        Self { ticket, prepared, title: title.to_ascii_lowercase(), text: text.to_ascii_lowercase() }
    }

    /// The folded text of a field; empty for the address.
    pub(crate) fn folded(&self, field: Field) -> &str {
        match field {
            Field::Title => &self.title,
            Field::Text => &self.text,
            Field::Address => "",
        }
    }

    /// Title and text with their names.
    pub(crate) fn each(&self) -> [(Field, &str); 2] {
        [(Field::Title, &self.title), (Field::Text, &self.text)]
    }

    fn prepared(&self, field: Field) -> &'t PreparedText {
        if field == Field::Title { &self.prepared.title } else { &self.prepared.text }
    }

    /// Bytes of the words of a field, in order.
    pub(crate) fn words(&self, field: Field) -> &'t [Range<usize>] {
        self.prepared(field).word_ranges()
    }

    /// Bytes of a folded field as code points of the original.
    pub(crate) fn span(&self, field: Field, range: Range<usize>) -> Span {
        let original = if field == Field::Title { &self.ticket.title } else { &self.ticket.text };
        let bytes = self.prepared(field).original_range(range);
        let chars = CharOffsets::new(original).char_range(bytes);
        Span { field, start: chars.start, end: chars.end }
    }
}
