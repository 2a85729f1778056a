//! Letters and figures of number plates, in groups.

use super::code::{SPOKEN_PAUSES, spoken_digit, spoken_digits};

/// What parts the groups of a plate.
pub(super) const SEPARATORS: &str = " ·.-•・‧∙⋅●_—–*";

/// Letters and figures from one place on, in groups.
pub(super) struct Figures {
    /// (characters of all groups up to here, end) of each group.
    groups: Vec<(usize, usize)>,
    text: String,
}

/// The first groups of [`Figures`], upper case.
pub(super) struct Tail<'f> {
    pub(super) text: &'f str,
    pub(super) groups: usize,
    pub(super) end: usize,
}

impl Figures {
    /// At most seven characters, and whatever touches them; `known` where commas and words may part groups, since
    /// the text says that it is a plate.
    pub(super) fn read(text: &str, at: usize, known: bool) -> Self {
        let mut figures = Self { groups: Vec::new(), text: String::new() };
        let mut at = at;
        loop {
            let before = figures.text.len();
            let end = figures.group(text, at);
            if figures.text.len() == before {
                break;
            }
            figures.groups.push((figures.text.len(), end));
            let rest = text.get(end..).unwrap_or_default();
            let gap = separator_len(rest).max(if known { pause_len(rest) } else { 0 });
            if gap == 0 || figures.text.len() >= 7 {
                break;
            }
            at = end + gap;
        }
        figures
    }

    /// Reads one group from byte `at` on and returns its end.
    fn group(&mut self, text: &str, mut at: usize) -> usize {
        let mut last_is_digit = false;
        while self.text.len() <= 8 {
            let rest = text.get(at..).unwrap_or_default();
            let Some(c) = rest.chars().next() else { break };
            if c.is_ascii_alphanumeric() {
                self.text.push(c.to_ascii_uppercase());
                last_is_digit = c.is_ascii_digit();
                at += 1;
                continue;
            }
            if spoken_digit(c).is_none() && c != '两' {
                break;
            }
            let (digits, len) = spoken_digits(rest);
            let behind = rest.get(len..).and_then(|rest| rest.chars().next());
            // One numeral after figures begins the next word.
            let single = digits.len() == 1 && !behind.is_some_and(|c| c.is_ascii_alphanumeric());
            if digits.is_empty() || (single && last_is_digit) {
                break;
            }
            self.text.push_str(&digits);
            at += len;
        }
        at
    }

    /// The beginnings that end with a group, shortest first.
    pub(super) fn prefixes(&self) -> impl Iterator<Item = Tail<'_>> {
        self.groups.iter().enumerate().filter_map(|(at, &(len, end))| {
            let plausible = self.plausible_groups(at + 1);
            plausible.then_some(Tail { text: self.text.get(..len)?, groups: at + 1, end })
        })
    }

    /// Whether the first `count` groups are ones that people write: 2 and 3, 3 and 3, all single, the letter of a
    /// new energy vehicle apart.
    fn plausible_groups(&self, count: usize) -> bool {
        let ends = self.groups.iter().take(count).map(|group| group.0);
        let mut last = 0;
        let sizes: Vec<usize> = ends.map(|end| end - std::mem::replace(&mut last, end)).collect();
        let letter = |at: usize| self.text.as_bytes().get(at).is_some_and(u8::is_ascii_alphabetic);
        match sizes.as_slice() {
            [_] | [2, 2 | 3 | 5] | [3, 2 | 3] => true,
            [1, 4 | 5] => letter(0),
            [5, 1] => letter(5),
            many => {
                let next = self.groups.get(count).map(|group| group.0 - last);
                many.iter().all(|size| *size == 1) && next != Some(1)
            }
        }
    }
}

impl Tail<'_> {
    pub(super) fn digits(&self) -> usize {
        self.text.bytes().filter(u8::is_ascii_digit).count()
    }

    /// Five figures, two of them letters at most, none of them I or O.
    pub(super) fn is_ordinary(&self, known: bool) -> bool {
        if known { self.digits() >= 2 } else { self.digits() >= 3 && !self.text.contains(['I', 'O']) }
    }

    /// Six figures: a letter, a letter or digit and four digits on a small vehicle, five digits and a letter on a
    /// large one.
    pub(super) fn is_new_energy(&self) -> bool {
        let class = |byte: &u8| matches!(byte, b'A'..=b'H' | b'J' | b'K');
        let digits = |bytes: &[u8]| bytes.iter().all(u8::is_ascii_digit);
        match self.text.as_bytes() {
            [first, second, rest @ ..] if class(first) && digits(rest) => !matches!(second, b'I' | b'O'),
            [rest @ .., last] => class(last) && digits(rest),
            [] => false,
        }
    }
}

/// The length of what parts two groups: one sign, with blanks around it.
pub(super) fn separator_len(text: &str) -> usize {
    let sign = text.trim_start_matches(' ');
    let behind = sign.strip_prefix(|c| SEPARATORS.contains(c)).unwrap_or(sign);
    let len = text.len() - behind.trim_start_matches(' ').len();
    if text.len() - behind.len() <= 5 { len } else { 0 }
}

/// The length of the comma or the words with which a speaker parts two groups.
pub(super) fn pause_len(text: &str) -> usize {
    let signs = |text: &str| text.len() - text.trim_start_matches(['，', ',', ' ']).len();
    let pause = signs(text);
    let rest = text.get(pause..).unwrap_or_default();
    let Some(word) = SPOKEN_PAUSES.split(' ').find(|word| rest.starts_with(word)) else { return pause };
    pause + word.len() + signs(rest.get(word.len()..).unwrap_or_default())
}

/// Whether letters or digits go on.
pub(super) fn goes_on(after: &str) -> bool {
    let mut chars = after.chars();
    match chars.next() {
        Some(c) if c.is_ascii_alphanumeric() || matches!(c, '_' | '@' | '*') => true,
        Some('-' | '.') => chars.next().is_some_and(|c| c.is_ascii_digit()),
        _ => false,
    }
}
