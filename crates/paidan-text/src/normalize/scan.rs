use super::ideographs::{Ideographs, is_ideograph};
use super::{fold, look_alikes, mojibake, punctuation, repeats};

/// Which stages have something to do in a text. Most texts need none.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Needs {
    pub(super) repair: bool,
    pub(super) rewrite: bool,
    pub(super) blanks: bool,
    pub(super) repeats: bool,
    pub(super) close_up: bool,
    pub(super) look_alikes: bool,
}

impl Needs {
    /// One look over `text`; says yes where it is not sure.
    pub(super) fn of(text: &str) -> Self {
        let table = Ideographs::get();
        let mut needs = Self::default();
        let (mut before, mut last) = ('\0', ' ');
        for c in text.chars() {
            match c {
                '\u{4E00}'..='\u{9FFF}' => {
                    if !table.is_plain(c) {
                        needs.repair |= table.is_suspect(c);
                        needs.rewrite |= table.simplified(c).is_some();
                    }
                    if c == last && c == before {
                        needs.repeats |= repeats::may_collapse(c);
                        needs.repair |= matches!(c, '烫' | '屯');
                    }
                }
                '，' | '。' | '、' | '：' | '“' | '”' | '（' | '）' => needs.rewrite |= c == last,
                ' ' => {
                    needs.blanks |= last == ' ';
                    needs.rewrite |= punctuation::is_chinese(last);
                    needs.close_up |= before == ' ' && is_ideograph(last);
                }
                '0'..='9' | 'a'..='z' | 'A'..='Z' => {
                    needs.rewrite |= last == '：' && before.is_ascii_digit() && c.is_ascii_digit();
                    needs.look_alikes |=
                        look_alikes::may_hide_digit(c, last) || look_alikes::may_hide_digit(last, c);
                }
                '《' | '》' | '【' | '】' | '(' | ')' | '#' | '@' | '*' | '[' | ']' | '%' | '$' => {}
                _ => needs.other(c, last),
            }
            needs.rewrite |= last.is_whitespace() && punctuation::is_chinese(c);
            (before, last) = (last, c);
        }
        needs.blanks |= last == ' ' && !text.is_empty();
        needs
    }

    fn other(&mut self, c: char, last: char) {
        match c {
            '！' | '？' | '!' | '?' => self.rewrite |= matches!(last, '！' | '？' | '!' | '?'),
            '.' | ',' | '~' | '-' | '=' | '_' | '+' | '^' | '|' | '—' => {
                self.rewrite |= c == last || c == '.' && last == '…' || c == '_' && last.is_ascii_hexdigit();
                self.look_alikes |= look_alikes::may_hide_digit(c, last);
            }
            ';' | '；' => self.rewrite |= last.is_ascii_alphanumeric() || last == c,
            '&' | '<' | '>' | '\\' | '…' => self.rewrite = true,
            '"' | '/' | '\'' | ':' | '`' | '{' | '}' | '⟦' | '⟧' => {}
            _ if c.is_whitespace() => {
                self.blanks = true;
                self.rewrite |= punctuation::is_chinese(last);
            }
            _ => {
                self.repair |= mojibake::is_suspect(c);
                self.look_alikes |= look_alikes::is_foreign(c) || matches!(c, '⓪'..='⓿' | '①'..='⑨');
                self.rewrite |= matches!(c, '〇' | '○' | '°') || fold::fold(c) != fold::Fold::Keep;
            }
        }
    }
}
