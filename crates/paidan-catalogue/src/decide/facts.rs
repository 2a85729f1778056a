//! What is known of a ticket before anything is decided.

use std::ops::Range;

use paidan_text::{Alignment, CharOffsets, Normalizer, PreparedTicket, Ticket};

use super::complaint::{Complaint, complaints};
use super::sensitive::{Sensitive, sensitive};
use crate::areas::{AreaId, Mention, resolve_fields};
use crate::catalogue::Catalogue;
use crate::decision::{Diagnostic, ExplanationNode, MatchedWord};
use crate::moment::Moment;
use crate::predictions::Predictions;
use crate::units::UnitId;
use crate::words::{Field, Fields, Hit, Span};

/// A ticket as the catalogue sees it.
pub(super) struct Facts<'f> {
    pub(super) ticket: &'f Ticket,
    pub(super) prepared: &'f PreparedTicket,
    pub(super) fields: Fields<'f>,
    pub(super) hits: Vec<Hit>,
    pub(super) predictions: &'f Predictions,
    pub(super) received: Option<Moment>,
    /// Units that returned it.
    pub(super) returned: Vec<UnitId>,
    pub(super) complaints: Vec<Complaint>,
    pub(super) sensitive: Vec<(Field, Sensitive)>,
    address: Vec<Mention>,
    /// Places of title and text, with the bytes of the original.
    pub(super) said: Vec<(Field, Range<usize>, Mention)>,
    /// Where the matter may lie.
    pub(super) areas: Vec<AreaId>,
    pub(super) area_nodes: Vec<ExplanationNode>,
    pub(super) diagnostics: Vec<Diagnostic>,
}

impl<'f> Facts<'f> {
    pub(super) fn gather(
        catalogue: &'f Catalogue,
        ticket: &'f Ticket,
        prepared: &'f PreparedTicket,
        predictions: &'f Predictions,
        at: Option<&str>,
    ) -> Self {
        let mut diagnostics = Vec::new();
        let fields = Fields::new(ticket, prepared);
        let hits = catalogue.words.find(&fields);
        let received = received(catalogue, ticket, at, &mut diagnostics);
        let returned = returned(catalogue, ticket, received, &mut diagnostics);
        let (mut found_complaints, mut found_sensitive) = (Vec::new(), Vec::new());
        for (field, text) in fields.each() {
            found_complaints.extend(complaints(&catalogue.unit_names, text));
            found_sensitive.extend(sensitive(text).into_iter().map(|found| (field, found)));
        }
        let mut facts = Self {
            ticket,
            prepared,
            fields,
            hits,
            predictions,
            received,
            returned,
            complaints: found_complaints,
            sensitive: found_sensitive,
            address: Vec::new(),
            said: Vec::new(),
            areas: Vec::new(),
            area_nodes: Vec::new(),
            diagnostics,
        };
        facts.find_places(catalogue);
        facts
    }

    /// The areas where the matter of a part of the text may lie: its own places, else those of the whole ticket.
    pub(super) fn areas_of(&self, catalogue: &Catalogue, part: &Range<usize>) -> Vec<AreaId> {
        let original = self.prepared.text.original_range(part.clone());
        let is_in = |(field, range, _): &&(Field, Range<usize>, Mention)| {
            *field == Field::Text && original.start <= range.start && range.end <= original.end
        };
        let own: Vec<Mention> =
            self.said.iter().filter(is_in).map(|(_, _, mention)| mention.clone()).collect();
        if own.is_empty() {
            return self.areas.clone();
        }
        // What the part leaves open, the whole may settle.
        let all: Vec<Mention> =
            self.address.iter().chain(self.said.iter().map(|(_, _, mention)| mention)).cloned().collect();
        resolve_fields(&catalogue.areas, &own, &all).areas
    }

    fn find_places(&mut self, catalogue: &Catalogue) {
        let (title, text) = (&self.ticket.title, &self.ticket.text);
        let address = self.ticket.address.as_deref().unwrap_or_default();
        for (field, original) in [(Field::Address, address), (Field::Title, title), (Field::Text, text)] {
            if original.is_empty() {
                continue;
            }
            let (mut folded, alignment) = Normalizer.normalize(original);
            folded.make_ascii_lowercase();
            for mention in catalogue.places.find(&folded) {
                self.area_nodes.push(area_node(catalogue, field, &mention, original, &alignment));
                let range = alignment.source_range(mention.range.clone());
                match field {
                    Field::Address => self.address.push(mention),
                    _ => self.said.push((field, range, mention)),
                }
            }
        }
        let said: Vec<Mention> = self.said.iter().map(|(_, _, mention)| mention.clone()).collect();
        self.areas = resolve_fields(&catalogue.areas, &self.address, &said).areas;
    }
}

fn area_node(
    catalogue: &Catalogue,
    field: Field,
    mention: &Mention,
    original: &str,
    alignment: &Alignment,
) -> ExplanationNode {
    let areas = &catalogue.areas;
    let names: Vec<String> = mention
        .owners
        .iter()
        .map(|owner| format!("{}（{}）", areas.name(owner.area), owner.kind.in_chinese()))
        .collect();
    let place = if field == Field::Address { "地址栏" } else { "正文" };
    let aside = if mention.is_aside { "，仅为附带提及" } else { "" };
    let codes: Vec<&str> = mention.owners.iter().map(|owner| areas.code(owner.area)).collect();
    let chars = CharOffsets::new(original).char_range(alignment.source_range(mention.range.clone()));
    let is_landmark = mention.owners.iter().any(|owner| owner.kind == crate::areas::OwnerKind::Landmark);
    // A landmark may be where somebody lives: only the area leaves.
    let word = (!is_landmark).then(|| catalogue.places.name(mention).to_owned());
    ExplanationNode::new("area", format!("{place}提到{}{aside}", names.join("、")))
        .with_id(codes.join(";"))
        .with_words(vec![MatchedWord { word, field: field.name(), start: chars.start, end: chars.end }])
}

fn received(
    catalogue: &Catalogue,
    ticket: &Ticket,
    at: Option<&str>,
    diagnostics: &mut Vec<Diagnostic>,
) -> Option<Moment> {
    let zone = &catalogue.settings.zone;
    let own = ticket.requested_at.as_deref();
    let moment = own.and_then(|text| Moment::parse(text, zone));
    if own.is_some() && moment.is_none() {
        let message = "受理时间无法识别，应为 2026-03-02T10:00:00+08:00 之类".to_owned();
        diagnostics.push(Diagnostic { code: "bad_time", message });
    }
    let moment = moment.or_else(|| at.and_then(|text| Moment::parse(text, zone)));
    if moment.is_none() {
        let message = "受理时间未知：规则的生效日期、时段、季节以及办理期限无法判断".to_owned();
        diagnostics.push(Diagnostic { code: "time_unknown", message });
    }
    moment
}

fn returned(
    catalogue: &Catalogue,
    ticket: &Ticket,
    received: Option<Moment>,
    diagnostics: &mut Vec<Diagnostic>,
) -> Vec<UnitId> {
    let mut units = Vec::new();
    for name in &ticket.returns {
        match catalogue.units.find(name) {
            Ok(unit) => {
                units.push(catalogue.units.on_day(unit, received.map(|moment| moment.day)).unwrap_or(unit));
            }
            // Every unit that it may be: the ticket must not come back to the one that it was.
            Err(count) if count > 0 => {
                units.extend(catalogue.units.by_name.get(name).into_iter().flatten());
            }
            Err(_) => {
                let message = "退单记录中的一个单位不在单位表中".to_owned();
                diagnostics.push(Diagnostic { code: "unknown_return", message });
            }
        }
    }
    units
}

impl From<Span> for MatchedWord {
    fn from(span: Span) -> Self {
        Self { word: None, field: span.field.name(), start: span.start, end: span.end }
    }
}
