//! What a clerk should look at in a catalogue that can be used; one kind of matter a file.

mod areas;
mod rules;
mod units;

use jiff::civil::Date;

use crate::catalogue::Catalogue;
use crate::finding::Findings;

/// Tells everything worth a look; what has expired by `day`, where that is known.
pub(crate) fn look(catalogue: &Catalogue, day: Option<Date>, findings: &Findings) {
    areas::look(catalogue, findings);
    units::look(catalogue, day, findings);
    rules::look(catalogue, day, findings);
}
