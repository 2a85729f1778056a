use super::number::{Number, number_at};
use super::separator::{Separator, chain_separator};

/// Two to four numbers with nothing but separators between them: 7-1-902.
#[derive(Clone, Copy, Debug)]
pub(super) struct Chain {
    pub(super) first: Number,
    pub(super) middle: Number,
    pub(super) last: Number,
    pub(super) numbers: u8,
    /// A # among the separators: 9#502.
    pub(super) hash: bool,
    /// Blanks, slashes or 、 among them, as lists have them too.
    pub(super) list: bool,
}

/// The numbers from byte `at` on; with `list`, separators of lists count too.
pub(super) fn chain_at(text: &str, at: usize, list: bool) -> Option<Chain> {
    let first = number_at(text, at)?;
    let mut chain = Chain { first, middle: first, last: first, numbers: 1, hash: false, list };
    while let Some((separator, number)) = next_number(text, chain.last.end, list) {
        if chain.numbers == 4 {
            // More numbers than an address has.
            return None;
        }
        chain.middle = chain.last;
        chain.last = number;
        chain.numbers += 1;
        chain.hash |= separator == Separator::Hash;
    }
    (chain.numbers > 1).then_some(chain)
}

/// 3 2 501, 3/2/501, 3、2、501: building, unit and room.
pub(super) fn list_at(text: &str, at: usize) -> Option<Chain> {
    chain_at(text, at, true).filter(|chain| chain.numbers == 3 && chain.last.is_room())
}

fn next_number(text: &str, end: usize, list: bool) -> Option<(Separator, Number)> {
    let (at, separator) = chain_separator(text, end).filter(|(_, s)| list || *s != Separator::List)?;
    Some((separator, number_at(text, at)?))
}
