use std::fmt;

use serde::{Deserialize, Serialize};

/// One citizen's complaint (工单) as the hotline received it, unmasked.
///
/// Field names follow the hotline's own usage; Open311 GeoReport v2 calls them `service_request_id`,
/// `description`, `requested_datetime` and `address`. `Debug` shows lengths, never text.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Ticket {
    /// Work-order number or row number; unique within one file, not interpreted.
    pub id: String,
    /// Heading the citizen or the operator gave; empty for most phone calls.
    pub title: String,
    /// The complaint itself.
    pub text: String,
    /// When the hotline received it, RFC 3339; `None` where unknown.
    pub requested_at: Option<String>,
    /// Where the matter lies, as written down; `None` where unknown.
    pub address: Option<String>,
    /// How it came in, for instance 电话, 网站, APP; `None` where unknown.
    pub channel: Option<String>,
    /// Units that returned it earlier (退单), by code or name, in order.
    pub returns: Vec<String>,
}

impl Ticket {
    /// A ticket that has only a text.
    pub fn new(text: impl Into<String>) -> Self {
        Self { text: text.into(), ..Self::default() }
    }

    /// Sets the title.
    #[must_use]
    pub fn with_title(mut self, title: impl Into<String>) -> Self {
        self.title = title.into();
        self
    }

    /// Sets the id.
    #[must_use]
    pub fn with_id(mut self, id: impl Into<String>) -> Self {
        self.id = id.into();
        self
    }

    /// Whether there is something to read: title or text holds more than blanks.
    pub fn is_readable(&self) -> bool {
        !self.title.trim().is_empty() || !self.text.trim().is_empty()
    }
}

impl fmt::Debug for Ticket {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let chars = |text: &str| text.chars().count();
        f.debug_struct("Ticket")
            .field("id_chars", &chars(&self.id))
            .field("title_chars", &chars(&self.title))
            .field("text_chars", &chars(&self.text))
            .field("requested_at_chars", &self.requested_at.as_deref().map(chars))
            .field("address_chars", &self.address.as_deref().map(chars))
            .field("channel_chars", &self.channel.as_deref().map(chars))
            .field("returns", &self.returns.len())
            .finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_shows_no_text() {
        let ticket = Ticket {
            address: Some("云澜市澄江区柳荫路9号".into()),
            channel: Some("张三的手机".into()),
            ..Ticket::new("楼上漏水，电话13800001234").with_title("漏水").with_id("张三-1")
        };
        let shown = format!("{ticket:?}");
        for secret in ["漏水", "1380", "柳荫路", "张三"] {
            assert!(!shown.contains(secret), "{shown}");
        }
        assert!(shown.contains("text_chars: 18"), "{shown}");
    }

    #[test]
    fn blanks_are_not_readable() {
        assert!(!Ticket::new(" \u{3000}\n").is_readable());
        assert!(Ticket::new("").with_title("路灯不亮").is_readable());
    }
}
