use paidan_text::Ticket;

use crate::error::Error;
use crate::note::Note;
use crate::record::Record;
use crate::record_reader::RecordReader;
use crate::row_error::{Fault, RowError};
use crate::source::Source;
use crate::ticket_columns::TicketColumns;
use crate::usual_names::{Usual, advice};

/// Reads tickets: a [`RecordReader`] that knows which columns make a ticket.
///
/// A row whose title and text are both blank is an `Err` with code `empty_text` in its place.
#[derive(Debug)]
pub struct TicketReader {
    records: RecordReader,
    columns: TicketColumns,
}

/// A ticket and the row it was made of, which holds the columns beside it, such as labels.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TicketRecord {
    /// The ticket, unmasked. Its id is that of the row, else the 1-based data row, as `FILE:ROW` when
    /// several sources are read.
    pub ticket: Ticket,
    /// The whole row.
    pub record: Record,
}

impl TicketReader {
    /// Looks at every source and at its columns.
    ///
    /// # Errors
    /// As [`RecordReader::open`]; also when a column that `columns` sets is missing in a source, or when
    /// a source has neither a text nor a title column.
    pub fn open(sources: &[Source], columns: &TicketColumns) -> Result<Self, Error> {
        let records = RecordReader::open(sources)?;
        for (column, option, usual) in [
            (&columns.id, "--id-column", Usual::Id),
            (&columns.title, "--title-column", Usual::Title),
            (&columns.text, "--text-column", Usual::Text),
        ] {
            if let Some(column) = column {
                records.require_column(column, |found| advice(option, usual, found))?;
            }
        }
        for (column, what) in [
            (&columns.requested_at, "time"),
            (&columns.address, "address"),
            (&columns.channel, "channel"),
            (&columns.returns, "earlier returns"),
        ] {
            if let Some(column) = column {
                records.require_column(column, |_| format!("name one of these for the {what}"))?;
            }
        }
        if columns.text.is_none() && columns.title.is_none() {
            for (file, found) in records.columns() {
                if !found.iter().any(|name| name == "text" || name == "title") {
                    let advice = advice("--text-column", Usual::Text, found);
                    return Err(Error::no_text_column(file, found, &advice));
                }
            }
        }
        Ok(Self { records, columns: columns.clone() })
    }

    /// Checks that each source has all `columns`, for instance the label columns.
    ///
    /// # Errors
    /// As [`RecordReader::require_columns`].
    pub fn require_columns(&self, columns: &[&str]) -> Result<(), Error> {
        self.records.require_columns(columns)
    }

    /// Bytes read so far, for a progress bar.
    pub fn bytes_read(&self) -> u64 {
        self.records.bytes_read()
    }

    /// Bytes of all sources together; `None` if one is standard input or a pipe.
    pub fn total_bytes(&self) -> Option<u64> {
        self.records.total_bytes()
    }

    /// What is worth telling of the sources; see [`RecordReader::notes`].
    pub fn notes(&self) -> &[Note] {
        self.records.notes()
    }

    fn ticket(&self, record: &Record) -> Ticket {
        let get = |set: &Option<String>, usual: &str| record.get(set.as_deref().unwrap_or(usual));
        let solid = |value: &&str| !value.trim().is_empty();
        let time = match &self.columns.requested_at {
            Some(column) => record.get(column),
            None => record.get("requested_at").filter(solid).or_else(|| record.get("time")),
        };
        let owned = |value: Option<&str>| value.filter(solid).map(|value| value.trim().to_owned());
        let id = get(&self.columns.id, "id").filter(solid);
        Ticket {
            id: id.map_or_else(|| self.records.row_id(record.position()), str::to_owned),
            title: get(&self.columns.title, "title").unwrap_or_default().to_owned(),
            text: get(&self.columns.text, "text").unwrap_or_default().to_owned(),
            requested_at: owned(time),
            address: owned(get(&self.columns.address, "address")),
            channel: owned(get(&self.columns.channel, "channel")),
            returns: get(&self.columns.returns, "returns").map(units).unwrap_or_default(),
        }
    }
}

/// The units of a cell: a JSON array of strings, or a list parted by `;`, `|` or `、`.
fn units(cell: &str) -> Vec<String> {
    if let Ok(units) = serde_json::from_str::<Vec<String>>(cell) {
        return units;
    }
    let units = cell.split([';', '；', '|', '、', ',', '，']).map(str::trim);
    units.filter(|unit| !unit.is_empty()).map(str::to_owned).collect()
}

impl Iterator for TicketReader {
    type Item = Result<TicketRecord, RowError>;

    fn next(&mut self) -> Option<Self::Item> {
        Some(self.records.next()?.and_then(|record| {
            let ticket = self.ticket(&record);
            if ticket.is_readable() {
                return Ok(TicketRecord { ticket, record });
            }
            let position = record.position().clone();
            let message =
                "title and text are blank, expected at least one of them; fill one in or remove the row";
            let fault = Fault::new(position.line, "empty_text", message);
            Err(RowError::new(position, ticket.id, fault))
        }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str, columns: &TicketColumns) -> Vec<Result<TicketRecord, RowError>> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("given");
        std::fs::write(&path, text).unwrap();
        TicketReader::open(&[Source::new(path)], columns).unwrap().collect()
    }

    #[test]
    fn usual_columns_are_found() {
        let text = "id,title,text,time,address,channel\n A1 ,路灯,不亮,2024-05-01T08:00:00+08:00, ,电话\n";
        let tickets = read(text, &TicketColumns::default());
        let ticket = &tickets[0].as_ref().unwrap().ticket;
        assert_eq!(
            (ticket.id.as_str(), ticket.title.as_str(), ticket.text.as_str()),
            (" A1 ", "路灯", "不亮")
        );
        assert_eq!(ticket.requested_at.as_deref(), Some("2024-05-01T08:00:00+08:00"));
        assert_eq!((ticket.address.as_deref(), ticket.channel.as_deref()), (None, Some("电话")));
    }

    #[test]
    fn columns_that_are_set_win() {
        let text =
            "{\"text\":\"旧\",\"内容\":\"新\",\"time\":\"t\",\"受理时间\":\"u\",\"id\":1,\"编号\":null}";
        let columns =
            TicketColumns::default().with_text("内容").with_requested_at("受理时间").with_id("编号");
        let tickets = read(text, &columns);
        let ticket = &tickets[0].as_ref().unwrap().ticket;
        assert_eq!((ticket.id.as_str(), ticket.text.as_str()), ("1", "新"));
        assert_eq!(ticket.requested_at.as_deref(), Some("u"));
    }

    #[test]
    fn a_blank_row_keeps_its_id() {
        let items = read("id,title,text\nA1,\u{3000}, \n,,\nA3,题,\n", &TicketColumns::default());
        let ids: Vec<_> = items
            .iter()
            .map(|item| match item {
                Ok(item) => item.ticket.id.clone(),
                Err(error) => format!("{} {}", error.id(), error.code()),
            })
            .collect();
        assert_eq!(ids, ["A1 empty_text", "2 empty_text", "A3"]);
    }
}
