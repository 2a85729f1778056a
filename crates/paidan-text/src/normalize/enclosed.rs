/// Numbers in circles, brackets or with a full stop, as ① to ⑳ and ⓪; letters in black circles and squares as
/// plain ones (NFKC does the white ones).
///
/// NFKC would make `①2号楼` number 12. Where such signs spell a long number, see `look_alikes`.
pub(super) fn canonical(c: char) -> Option<char> {
    let code = u32::from(c);
    let number = |first: u32| char::from_u32(0x2460 + code - first);
    let letter = |first: u32| char::from_u32(u32::from('A') + code - first);
    match c {
        '⑴'..='⒇' => number(0x2474),
        '⒈'..='⒛' => number(0x2488),
        '⓫'..='⓴' => number(0x24EB - 10),
        '⓵'..='⓾' => number(0x24F5),
        '❶'..='❿' => number(0x2776),
        '➀'..='➉' => number(0x2780),
        '➊'..='➓' => number(0x278A),
        '⓿' | '🄀' | '🄋' | '🄌' => Some('⓪'),
        '🅐'..='🅩' => letter(0x1F150),
        '🅰'..='🆉' => letter(0x1F170),
        '①'..='⑳' | '⓪' => Some(c),
        _ => None,
    }
}

/// The digit that stands in ⓪ to ⑨.
pub(super) fn digit(c: char) -> Option<char> {
    match c {
        '⓪' => Some('0'),
        '①'..='⑨' => char::from_digit(u32::from(c) - 0x245F, 10),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_form_each() {
        let one = |text: &str| text.chars().map(|c| canonical(c).unwrap_or(c)).collect::<String>();
        assert_eq!(one("⑴⒇⒈⒛⓵⓾❶❿➀➉➊➓⓫⓴⓿①⑳"), "①⑳①⑳①⑩①⑩①⑩①⑩⑪⑳⓪①⑳");
        assert_eq!(one("🅰座🅿🅐㉑Ⓐ5"), "A座PA㉑Ⓐ5");
        assert_eq!(
            "⓪①⑨⑩1".chars().map(digit).collect::<Vec<_>>(),
            [Some('0'), Some('1'), Some('9'), None, None]
        );
    }
}
