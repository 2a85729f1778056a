use super::chain::Chain;
use super::head::{Head, Place};
use super::part::Part;
use super::tail::Tail;
use super::words::{FIRMS, HOME, NOT_AFTER_LIVE, OFFICE, OTHER_USES, RESIDENTS};

/// What stands around the numbers of an address.
#[derive(Clone, Copy, Debug)]
pub(super) struct Surroundings<'t> {
    pub(super) head: Head,
    pub(super) before: &'t str,
    /// The numbers themselves.
    pub(super) numbers: &'t str,
    pub(super) after: &'t str,
}

impl Surroundings<'_> {
    fn is_at(&self, places: &[Place]) -> bool {
        places.contains(&self.head.place)
    }

    /// Behind a name that is one by its last word, or by the road or district before it.
    fn is_named(&self) -> bool {
        self.is_at(&[Place::Estate, Place::Village, Place::Named])
    }

    fn is_placed(&self) -> bool {
        self.is_named() || self.head.place == Place::Road
    }

    /// The name before the numbers.
    fn name(&self) -> &str {
        self.before.get(self.head.start..).unwrap_or_default()
    }

    /// Whether the clause speaks of someone's home.
    fn is_home(&self) -> bool {
        let clause = clause(self.before);
        let lives = |(at, word): (usize, &str)| {
            !clause.get(at + word.len()..).is_some_and(|after| after.starts_with(NOT_AFTER_LIVE))
        };
        clause.match_indices('住').any(lives) || HOME.iter().any(|word| clause.contains(word))
    }

    /// Whether those who live there are spoken of next.
    pub(super) fn has_residents(&self) -> bool {
        let after = self.after.strip_prefix('号').unwrap_or(self.after);
        let after = after.strip_prefix('的').unwrap_or(after);
        RESIDENTS.iter().any(|word| after.starts_with(word))
    }

    fn has_other_use(&self) -> bool {
        OTHER_USES.iter().any(|word| self.after.starts_with(word))
    }

    /// A room in which no one lives.
    fn is_public(&self) -> bool {
        // 海棠大厦1203室某某有限公司.
        let firm = || {
            let after = self.after.split(['，', '。', ',', ' ', '；', '、']).next().unwrap_or_default();
            let is_block = ["大厦", "国际", "商务"].iter().any(|word| self.name().contains(word));
            is_block && FIRMS.iter().any(|word| after.contains(word))
        };
        let address = || {
            let clause = clause(self.before);
            OFFICE.iter().any(|word| clause.contains(word))
        };
        self.has_other_use()
            || !self.has_residents() && (self.head.place == Place::Public || firm() || address())
    }
}

/// Whether `tail` ends at someone's door.
pub(super) fn is_door(tail: &Tail, around: &Surroundings<'_>) -> bool {
    // No office has a 单元; but 3单元4楼 is less than a room.
    let is_dwelling = tail.has(Part::Unit) && (tail.has(Part::Room) || tail.has(Part::Side));
    let is_public = || if is_dwelling { around.has_other_use() } else { around.is_public() };
    has_form(tail, around) && !is_public()
}

/// Whether `tail` has the form of a door.
fn has_form(tail: &Tail, around: &Surroundings<'_>) -> bool {
    if let Some(chain) = tail.chain {
        is_chain(&chain, tail.named, around)
    } else if tail.has(Part::Side) {
        [Part::Building, Part::Unit, Part::Floor].iter().filter(|&&part| tail.has(part)).count() > 1
    } else if tail.has(Part::Room) {
        is_room(tail, around)
    } else if tail.has(Part::Annex) {
        around.is_placed() || around.is_home()
    } else if tail.has(Part::Building) || tail.has(Part::Unit) {
        tail.has(Part::Floor) && tail.has(Part::Unit) && around.is_home()
    } else if tail.has(Part::House) {
        // 石桥村刘湾三组12号.
        let in_group =
            tail.has(Part::Group) && (around.head.place == Place::Named || around.name().contains('村'));
        let is_villa = around.head.place == Place::Estate && around.name().contains('墅');
        let is_village = around.head.place == Place::Village || in_group || is_villa;
        let known = is_village || (around.is_named() && !tail.has(Part::Floor) && around.is_home());
        known && !(tail.number.value <= 31 && is_day(around.after))
    } else {
        tail.has(Part::Group) && around.head.place == Place::Village && around.is_home()
    }
}

fn is_room(tail: &Tail, around: &Surroundings<'_>) -> bool {
    if tail.has(Part::Unit) {
        true
    } else if tail.has(Part::Row) {
        around.is_named() || around.is_home()
    } else if tail.has(Part::Building) {
        tail.number.digits > 2 || around.is_named() || around.is_home()
    } else if tail.has(Part::Lane) && tail.has(Part::House) {
        tail.named || around.is_placed()
    } else if tail.has(Part::House) {
        around.is_placed() || (tail.named && tail.number.digits > 2) || around.is_home()
    } else if tail.has(Part::Floor) {
        around.is_named() || (around.is_placed() && tail.named) || around.is_home()
    } else if tail.named {
        let room = around.is_at(&[Place::Named, Place::Village]) && tail.number.is_room();
        room || around.head.place == Place::Estate || around.is_home()
    } else {
        around.head.place == Place::Estate && (around.has_residents() || around.is_home())
    }
}

/// Whether a chain of numbers is a door and no date, range or score.
fn is_chain(chain: &Chain, named: bool, around: &Surroundings<'_>) -> bool {
    let is_room = chain.last.is_room() && (named || !chain.last.is_year());
    let is_building = chain.first.digits < 4 && chain.middle.digits < 3;
    let on_estate = around.head.place == Place::Estate;
    if chain.list {
        return chain.numbers == 3 && is_room && is_building && on_estate;
    }
    let known = || around.is_placed() || around.is_home();
    if chain.numbers == 2 {
        // 柳荫路287-309号 is a range.
        let is_range = around.head.place == Place::Road && around.numbers.ends_with('号');
        return is_room && chain.first.digits < 4 && !is_range && (on_estate || chain.hash || known());
    }
    // A model or a version begins with other letters.
    let is_plain = chain.first.digits > 0
        && around
            .numbers
            .starts_with(|c: char| c.is_ascii_digit() || matches!(c.to_ascii_uppercase(), 'A'..='H'));
    let is_reference = around.before.ends_with(['第', '图', '表', '号', '、', '款', '条']);
    let alone = is_room && is_plain && !is_reference;
    is_building && (alone || known())
}

/// Whether a day of the month is meant: 12号下午, 5号晚上.
fn is_day(after: &str) -> bool {
    const DAYS: [&str; 21] = [
        "上午", "下午", "晚", "早", "中午", "凌晨", "夜", "开始", "起", "至", "到", "之前", "之后", "以前",
        "以后", "前完", "那天", "当天", "左右", "开会", "当晚",
    ];
    DAYS.iter().any(|word| after.starts_with(word))
}

/// The end of the clause that `before` ends with; about forty characters.
fn clause(before: &str) -> &str {
    const BYTES: usize = 120;
    let mut from = before.len().saturating_sub(BYTES);
    while !before.is_char_boundary(from) {
        from += 1;
    }
    let near = before.get(from..).unwrap_or_default();
    near.rfind(['。', '；', '！', '？', ';', '!', '?', '⟧']).and_then(|at| near.get(at..)).unwrap_or(near)
}
