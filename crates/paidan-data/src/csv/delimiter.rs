use std::io::{self, Read};

use crate::window::Window;

/// Which delimiter the header line uses, and, in `window`, which byte ends its lines.
///
/// The most frequent of comma, tab and semicolon outside quotes; with `tabs` the tab if there is one.
/// Old Macintosh programs end lines with a lone carriage return.
pub(crate) fn sniff<R: Read>(window: &mut Window<R>, tabs: bool, limit: usize) -> io::Result<u8> {
    let mut quoted = false;
    let mut counts = [(b',', 0_usize), (b'\t', 0), (b';', 0)];
    let mut at = 0;
    while at < limit
        && let Some(byte) = window.byte(at)?
    {
        at += 1;
        match byte {
            b'"' => quoted = !quoted,
            _ if quoted => {}
            b'\n' => break,
            b'\r' => {
                if !matches!(window.byte(at)?, None | Some(b'\n')) {
                    window.set_newline(b'\r');
                }
                break;
            }
            _ => counts
                .iter_mut()
                .filter(|(delimiter, _)| *delimiter == byte)
                .for_each(|(_, count)| *count += 1),
        }
    }
    let mut best = (b',', 0);
    for (delimiter, count) in counts {
        if tabs && delimiter == b'\t' && count > 0 {
            return Ok(delimiter);
        }
        if count > best.1 {
            best = (delimiter, count);
        }
    }
    Ok(best.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sniffed(text: &str, tabs: bool) -> (char, u8) {
        let mut window = Window::new(text.as_bytes()).unwrap();
        let delimiter = sniff(&mut window, tabs, 1 << 20).unwrap();
        (delimiter.into(), window.newline())
    }

    #[test]
    fn the_most_frequent_outside_quotes_wins() {
        assert_eq!(sniffed("id,text\n1;2;3;4", false), (',', b'\n'));
        assert_eq!(sniffed("\"a,b,c\";text\n", false), (';', b'\n'));
        assert_eq!(sniffed("id\ttext\r\n", false), ('\t', b'\n'));
        assert_eq!(sniffed("id\ttext, free, any\n", true), ('\t', b'\n'));
        assert_eq!(sniffed("text", false), (',', b'\n'));
        assert_eq!(sniffed("text", true), (',', b'\n'));
    }

    #[test]
    fn a_lone_carriage_return_ends_lines() {
        assert_eq!(sniffed("id;text\r1;路灯\r", false), (';', b'\r'));
        assert_eq!(sniffed("id;text\r", false), (';', b'\n'));
    }
}
