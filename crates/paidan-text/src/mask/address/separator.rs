/// What stands between two parts of an address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Joint {
    None,
    /// A blank, a hyphen, 的.
    Plain,
    /// A comma or a filler of speech: what follows must be plainly a part.
    Loose,
}

/// The byte after what may stand between two parts, from byte `at` on.
pub(super) fn joint(text: &str, mut at: usize) -> (usize, Joint) {
    const LOOSE: [&str; 11] = ["，", ",", "、", "啊", "呃", "嗯", "哦", "那个", "然后", "就是", "是"];
    let mut joint = Joint::None;
    for _ in 0..4 {
        let rest = text.get(at..).unwrap_or_default();
        if let Some(length) = dash(rest).or_else(|| plain(rest)) {
            at += length;
            joint = if joint == Joint::None { Joint::Plain } else { joint };
        } else if let Some(word) = LOOSE.iter().find(|word| rest.starts_with(**word)) {
            at += word.len();
            joint = Joint::Loose;
        } else {
            break;
        }
    }
    (at, joint)
}

fn plain(rest: &str) -> Option<usize> {
    let c = rest.chars().next()?;
    matches!(c, ' ' | '/' | '·' | '#' | '的').then_some(c.len_utf8())
}

/// The length of a hyphen, a dash or a spoken one.
fn dash(rest: &str) -> Option<usize> {
    let c = rest.chars().next()?;
    match c {
        '—' if rest.starts_with("——") => Some("——".len()),
        '-' | '\u{2010}'..='\u{2015}' | '\u{2212}' | '_' | '杠' => Some(c.len_utf8()),
        _ => None,
    }
}

/// What stands between two numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Separator {
    Dash,
    Hash,
    /// A blank, a slash, 、: as between the numbers of a list.
    List,
}

/// The byte after a separator of numbers at byte `at`.
pub(super) fn chain_separator(text: &str, at: usize) -> Option<(usize, Separator)> {
    let rest = text.get(at..)?;
    let blank = usize::from(rest.starts_with(' '));
    let after = rest.get(blank..)?;
    let hash = || after.starts_with('#').then_some((1, Separator::Hash));
    if let Some((length, separator)) = dash(after).map(|length| (length, Separator::Dash)).or_else(hash) {
        let end = at + blank + length;
        return Some((end + usize::from(text.get(end..)?.starts_with(' ')), separator));
    }
    if blank > 0 {
        return Some((at + blank, Separator::List));
    }
    let c = rest.chars().next()?;
    matches!(c, '/' | '、').then_some((at + c.len_utf8(), Separator::List))
}
