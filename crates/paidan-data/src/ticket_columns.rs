/// Which columns make a ticket.
///
/// Most callers set `text` and perhaps `title`, and leave the rest. `None` means the column that is
/// called like the field, where there is one (`requested_at` may also be called `time`). A column that is
/// set here must exist.
///
/// ```
/// use paidan_data::TicketColumns;
///
/// let columns = TicketColumns::default().with_text("诉求内容").with_id("工单编号");
/// assert_eq!(columns.text.as_deref(), Some("诉求内容"));
/// assert_eq!(columns.title, None);
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TicketColumns {
    /// Column of the work-order number.
    pub id: Option<String>,
    /// Column of the heading.
    pub title: Option<String>,
    /// Column of the complaint itself.
    pub text: Option<String>,
    /// Column of the time at which the hotline received it.
    pub requested_at: Option<String>,
    /// Column of the place.
    pub address: Option<String>,
    /// Column of the way it came in.
    pub channel: Option<String>,
    /// Column of the units that returned it earlier.
    pub returns: Option<String>,
}

impl TicketColumns {
    /// Takes the id from `column`.
    #[must_use]
    pub fn with_id(mut self, column: impl Into<String>) -> Self {
        self.id = Some(column.into());
        self
    }

    /// Takes the title from `column`.
    #[must_use]
    pub fn with_title(mut self, column: impl Into<String>) -> Self {
        self.title = Some(column.into());
        self
    }

    /// Takes the text from `column`.
    #[must_use]
    pub fn with_text(mut self, column: impl Into<String>) -> Self {
        self.text = Some(column.into());
        self
    }

    /// Takes the time from `column`.
    #[must_use]
    pub fn with_requested_at(mut self, column: impl Into<String>) -> Self {
        self.requested_at = Some(column.into());
        self
    }

    /// Takes the address from `column`.
    #[must_use]
    pub fn with_address(mut self, column: impl Into<String>) -> Self {
        self.address = Some(column.into());
        self
    }

    /// Takes the channel from `column`.
    #[must_use]
    pub fn with_channel(mut self, column: impl Into<String>) -> Self {
        self.channel = Some(column.into());
        self
    }

    /// Takes the units that returned the ticket from `column`.
    #[must_use]
    pub fn with_returns(mut self, column: impl Into<String>) -> Self {
        self.returns = Some(column.into());
        self
    }
}
