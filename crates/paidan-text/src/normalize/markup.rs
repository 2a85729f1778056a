/// What stands in the text written so far that may become a tag or a comment. Positions are bytes of it.
#[derive(Default)]
pub(super) struct Markup {
    /// Every `<`.
    angles: Vec<usize>,
    /// Every `<!--`.
    comments: Vec<usize>,
    /// Where the tag of a script or a style sheet stood.
    hidden: Option<(usize, &'static str)>,
}

/// What to take out: everything from `start` on.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Removal {
    pub(super) start: usize,
    /// Whether a blank takes its place: a block ends the line.
    pub(super) blank: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    /// Nothing to the reader: words go on across it.
    Inline,
    /// A line of its own.
    Block,
    /// Its content is not text.
    Hidden(&'static str),
    HiddenEnd(&'static str),
}

/// Tags are no longer, in bytes; Word writes long styles.
const MAX_TAG: usize = 4096;

const INLINE: [&str; 42] = [
    "a", "abbr", "acronym", "b", "base", "bdi", "bdo", "big", "cite", "code", "del", "dfn", "em", "embed",
    "font", "i", "img", "input", "ins", "kbd", "label", "link", "map", "mark", "meta", "q", "ruby", "s",
    "samp", "small", "span", "strike", "strong", "sub", "sup", "tt", "u", "var", "wbr", "xml", "button",
    "time",
];

const BLOCK: [&str; 47] = [
    "address",
    "article",
    "aside",
    "blockquote",
    "body",
    "br",
    "caption",
    "center",
    "col",
    "colgroup",
    "dd",
    "details",
    "dir",
    "div",
    "dl",
    "dt",
    "fieldset",
    "figcaption",
    "figure",
    "footer",
    "form",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "head",
    "header",
    "hr",
    "html",
    "iframe",
    "li",
    "main",
    "nav",
    "ol",
    "option",
    "p",
    "pre",
    "section",
    "select",
    "table",
    "tbody",
    "td",
    "th",
    "tr",
    "ul",
];

const HIDDEN: [&str; 2] = ["script", "style"];

/// Name spaces of Office's markup.
const OFFICE: [&str; 6] = ["o", "w", "v", "m", "st1", "x"];

impl Markup {
    /// A `<` was written at `at`.
    pub(super) fn opened(&mut self, at: usize) {
        self.angles.push(at);
    }

    /// A `-` was written at the end of `text`.
    pub(super) fn dash(&mut self, text: &str) {
        if text.ends_with("<!--") {
            self.comments.push(text.len() - "<!--".len());
        }
    }

    /// The text was cut to `len` bytes.
    pub(super) fn shorten(&mut self, len: usize) {
        while self.angles.pop_if(|at| *at >= len).is_some() {}
        while self.comments.pop_if(|at| *at + "<!--".len() > len).is_some() {}
        self.hidden = self.hidden.filter(|(at, _)| *at <= len);
    }

    /// A `>` was written at the end of `text`: the tag or the comment that it ends.
    pub(super) fn closed(&mut self, text: &str) -> Option<Removal> {
        let comment = self.comments.last().filter(|_| text.ends_with("-->"));
        if let Some(&start) = comment.filter(|start| *start + "<!-->".len() <= text.len()) {
            return Some(Removal { start, blank: false });
        }
        let body = text.strip_suffix('>')?;
        let Some(&start) = self.angles.last() else {
            // The end of a tag whose beginning was cut off.
            let name = body.trim_start().strip_prefix('/')?;
            return named(name).map(|kind| Removal { start: 0, blank: kind == Kind::Block });
        };
        let kind = tag(body.get(start + 1..)?)?;
        let (start, blank) = match kind {
            Kind::Inline => (start, false),
            Kind::Block => (start, true),
            Kind::Hidden(name) => {
                self.hidden = self.hidden.or(Some((start, name)));
                (start, false)
            }
            Kind::HiddenEnd(name) => match self.hidden.take_if(|(_, open)| *open == name) {
                Some((begin, _)) => (begin.min(start), false),
                None => (start, false),
            },
        };
        Some(Removal { start, blank })
    }

    /// Where a tag begins that the end of `text` cuts off.
    pub(super) fn cut_off(&self, text: &str) -> Option<usize> {
        let &start = self.angles.last()?;
        is_cut_off(text.get(start + 1..)?.trim_end()).then_some(start)
    }
}

/// What `inside`, the text between `<` and `>`, is, where it is a sound tag with a name that HTML or Office
/// knows.
fn tag(inside: &str) -> Option<Kind> {
    if inside.len() > MAX_TAG {
        return None;
    }
    if let Some(declaration) = inside.strip_prefix(['!', '?']) {
        return is_declaration(declaration).then_some(Kind::Inline);
    }
    let (end, inside) = inside.strip_prefix('/').map_or((false, inside), |inside| (true, inside));
    let (name, rest) = split_name(inside);
    let kind = named(name)?;
    let rest = rest.strip_suffix('/').unwrap_or(rest);
    // Attributes need a blank before them: `br/` and `p` have none.
    (rest.is_empty() || rest.starts_with(|c| is_blank(c) || c == '\\') && attributes(rest) == Some(""))
        .then_some(())?;
    Some(match kind {
        Kind::Hidden(name) if end => Kind::HiddenEnd(name),
        kind => kind,
    })
}

fn is_declaration(text: &str) -> bool {
    let starts =
        |prefix: &str| text.get(..prefix.len()).is_some_and(|begin| begin.eq_ignore_ascii_case(prefix));
    starts("doctype ") || starts("xml ") || starts("xml:") || text.starts_with('[') && text.contains(']')
}

fn named(name: &str) -> Option<Kind> {
    let find = |names: &[&'static str]| names.iter().copied().find(|known| known.eq_ignore_ascii_case(name));
    if find(&INLINE).is_some() {
        Some(Kind::Inline)
    } else if find(&BLOCK).is_some() {
        Some(Kind::Block)
    } else if let Some(name) = find(&HIDDEN) {
        Some(Kind::Hidden(name))
    } else {
        let (space, name) = name.split_once(':')?;
        let office = OFFICE.iter().any(|known| known.eq_ignore_ascii_case(space));
        (office && !name.is_empty()).then_some(Kind::Inline)
    }
}

/// A tag's name and what follows it.
fn split_name(text: &str) -> (&str, &str) {
    let end = text.find(|c: char| !(c.is_ascii_alphanumeric() || c == ':' || is_foreign(c)));
    text.split_at_checked(end.unwrap_or(text.len())).unwrap_or((text, ""))
}

/// What follows `name=value` pairs, each after a blank; `None` where something else stands among them.
fn attributes(mut text: &str) -> Option<&str> {
    let mut after_quote = false;
    loop {
        let trimmed = text.trim_start_matches(is_blank);
        // A carriage return and the like, still escaped.
        let trimmed = ["\\n", "\\r", "\\t"].iter().find_map(|e| trimmed.strip_prefix(e)).unwrap_or(trimmed);
        if trimmed.is_empty() || trimmed == "/" {
            return Some("");
        }
        // A blank after a Chinese quote is left out before the tag is complete.
        if trimmed.len() == text.len() && !after_quote {
            return None;
        }
        if trimmed.starts_with(is_blank) || trimmed.starts_with('\\') {
            text = trimmed;
            continue;
        }
        text = attribute(trimmed)?;
        after_quote = trimmed.get(..trimmed.len() - text.len()).is_some_and(|read| read.ends_with('”'));
    }
}

/// What follows the attribute that `text` begins with.
fn attribute(text: &str) -> Option<&str> {
    let name = text.find(|c: char| !is_attribute_name(c))?;
    let value = text.get(name..)?.trim_start_matches(is_blank).strip_prefix('=').filter(|_| name > 0)?;
    let value = value.trim_start_matches(is_blank);
    let quotes = [("\"", "\""), ("'", "'"), ("“", "”")];
    if let Some((open, close)) = quotes.iter().find(|(open, _)| value.starts_with(open)) {
        let value = value.get(open.len()..)?;
        return value.get(value.find(close)? + close.len()..);
    }
    let end = value.find(|c: char| !is_bare_value(c)).unwrap_or(value.len());
    value.get(end..).filter(|_| end > 0)
}

/// Whether `rest`, what follows the last `<` of a text, is a tag without its end: a name alone after a slash,
/// or a name and at least one attribute. An opening name alone may be a comparison.
fn is_cut_off(rest: &str) -> bool {
    if rest.len() > MAX_TAG {
        return false;
    }
    let (end, inside) = rest.strip_prefix('/').map_or((false, rest), |inside| (true, inside));
    let (name, rest) = split_name(inside);
    if named(name).is_none() {
        return false;
    }
    if rest.is_empty() {
        return end || name.eq_ignore_ascii_case("br") || name.eq_ignore_ascii_case("div");
    }
    let mut rest = rest;
    let mut any = false;
    while rest.starts_with(is_blank) {
        rest = rest.trim_start_matches(is_blank);
        match attribute(rest) {
            _ if rest == "/" => break,
            Some(after) => (rest, any) = (after, true),
            None => {
                // The last attribute lacks its end.
                let name = rest.find(|c: char| !is_attribute_name(c)).unwrap_or(rest.len());
                let value = rest.get(name..).unwrap_or_default();
                let quoted = ["=\"", "='", "=“"].iter().any(|open| value.starts_with(open));
                return name > 0 && (quoted || value == "=" || any && value.is_empty());
            }
        }
    }
    any && matches!(rest, "" | "/")
}

fn is_blank(c: char) -> bool {
    c.is_whitespace()
}

/// Cyrillic and Greek letters that may be taken for Latin ones later.
fn is_foreign(c: char) -> bool {
    matches!(c, '\u{370}'..='\u{52F}')
}

fn is_attribute_name(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '_' | ':' | '-' | '.') || is_foreign(c)
}

fn is_bare_value(c: char) -> bool {
    c.is_ascii_graphic() && !matches!(c, '"' | '\'' | '<' | '>' | '`')
        || is_foreign(c)
        || matches!(c, '\u{2460}'..='\u{24FF}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags() {
        use Kind::{Block, Hidden, HiddenEnd, Inline};
        let cases = [
            ("br", Block),
            ("BR/", Block),
            ("br /", Block),
            ("/p", Block),
            ("p style=\"text-indent: 2em;\" class='a > b'", Block),
            ("p\n  align=center", Block),
            ("td width=“100”height=“20”", Block),
            ("span\\r\\n lang=EN-US", Inline),
            ("img src=/a/b.png alt=\"路灯\" /", Inline),
            ("font color = #FF0000", Inline),
            ("o:p", Inline),
            ("/st1:chsdate", Inline),
            ("?xml:namespace prefix = o ns = \"urn\" /", Inline),
            ("!DOCTYPE html", Inline),
            ("![endif]", Inline),
            ("style type=\"text/css\"", Hidden("style")),
            ("/Script", HiddenEnd("script")),
        ];
        for (inside, kind) in cases {
            assert_eq!(tag(inside), Some(kind), "{inside}");
        }
    }

    #[test]
    fn ordinary_text() {
        for inside in [
            "",
            "/",
            "5",
            "5度，水温",
            "b 且 c",
            "b and c",
            "p a",
            "pp",
            "路",
            "张三",
            "p/q",
            "b=3",
            "b\"",
            "p =3",
            "p style=\"x",
            "p 标题=\"x\"",
            "p a=\"x\"b",
            "=",
            "-",
            "!",
            "!important",
            "a,b",
            "br5",
            "q:w",
        ] {
            assert_eq!(tag(inside), None, "{inside}");
        }
    }

    #[test]
    fn tags_cut_off() {
        for rest in
            ["p style=\"text-in", "/div", "br", "img src=/a.png", "span lang=EN sty", "a href=", "p a='x' /"]
        {
            assert!(is_cut_off(rest), "{rest}");
        }
        for rest in ["p", "b", "5", "p style", "b and c", "div=3", "路", "", "/", "/路", "a href"] {
            assert!(!is_cut_off(rest), "{rest}");
        }
    }
}
