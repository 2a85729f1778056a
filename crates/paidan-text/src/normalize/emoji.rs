/// Signs of a telephone, which tell that a number follows.
pub(super) fn is_telephone(c: char) -> bool {
    matches!(c, '☎' | '☏' | '✆' | '℡' | '📞' | '📱' | '📲')
}

/// Pictographs, which say nothing of who handles a ticket: emoji, skin tones and flags, playing cards.
///
/// The blocks of emoji-data.txt (UTS #51). Left out are signs with a use in forms and text: ticks and crosses,
/// stars, signs of the sexes, arrows, squares and circles, © and ®.
pub(super) fn is_emoji(c: char) -> bool {
    match c {
        '★' | '☆' | '☐'..='☒' | '♀' | '♂' | '✓'..='✘' => false,
        // Circled digits and brackets, arrows.
        '\u{2768}'..='\u{2793}' | '➔'..='➯' | '➱'..='➾' => false,
        '\u{2600}'..='\u{27BF}' => true,
        '⌚' | '⌛' | '⌨' | '⏏' | '⏩'..='⏳' | '⏸'..='⏺' | '⭐' => true,
        // A parking sign and the like are letters (see `enclosed`), flags are made of letters of their own.
        '\u{1F100}'..='\u{1F18D}' | '\u{1F18F}' | '\u{1F190}' | '\u{1F19B}'..='\u{1F1E5}' => false,
        '\u{1F200}'..='\u{1F2FF}' | '\u{1F800}'..='\u{1F8FF}' => false,
        '\u{1F000}'..='\u{1FAFF}' => true,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cases() {
        assert!("😡👍🏽🇨🇳💊🚗🀄❤☀⚡🆘🤝🥺⭐".chars().all(is_emoji));
        assert!(!"路a1，★☆☑✓✗♀①❶→○●■△🅿🈶※©®°".chars().any(is_emoji));
        assert!("☎📞".chars().all(is_telephone));
    }
}
