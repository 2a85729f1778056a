use std::ops::Range;

use super::lexicon::{Hit, Role};
use super::reach::Reach;
use super::rules::{Place, Scope};

/// Words that take a cue back.
#[derive(Clone, Debug)]
pub(super) struct Suppressor {
    pub(super) code: String,
    pub(super) name: String,
    pub(super) place: Place,
    pub(super) scope: Scope,
    pub(super) within: usize,
    pub(super) lifted: bool,
}

/// What of a text bears on suppression.
pub(super) struct Surroundings<'t> {
    text: &'t str,
    reach: &'t Reach,
    /// Words of suppressors that no neutral word swallows.
    words: Vec<(usize, Range<usize>)>,
    is_live: bool,
}

impl<'t> Surroundings<'t> {
    pub(super) fn new(text: &'t str, reach: &'t Reach, hits: &[Hit]) -> Self {
        let neutral = |hit: &&Hit| hit.role == Role::Neutral;
        let neutral: Vec<&Range<usize>> = hits.iter().filter(neutral).map(|hit| &hit.range).collect();
        let is_swallowed = |range: &Range<usize>| {
            neutral.iter().any(|by| by.start <= range.start && range.end <= by.end && by.len() > range.len())
        };
        let words = hits.iter().filter_map(|hit| match hit.role {
            Role::Suppressor(index) if !is_swallowed(&hit.range) => Some((index, hit.range.clone())),
            _ => None,
        });
        let is_live = hits.iter().any(|hit| hit.role == Role::Live);
        Self { text, reach, words: words.collect(), is_live }
    }

    /// The first of `suppressors` that takes back a cue at `cue`, and where its word stands.
    pub(super) fn suppress<'s>(
        &self,
        suppressors: &'s [Suppressor],
        ignored: &[String],
        cue: &Range<usize>,
    ) -> Option<(&'s Suppressor, Range<usize>)> {
        let applies = |suppressor: &&Suppressor| {
            !(ignored.contains(&suppressor.code) || suppressor.lifted && self.is_live)
        };
        let mut candidates = suppressors.iter().enumerate().filter(|(_, suppressor)| applies(suppressor));
        candidates.find_map(|(index, suppressor)| {
            let at = self.find(index, suppressor, cue)?;
            Some((suppressor, at))
        })
    }

    fn find(&self, index: usize, suppressor: &Suppressor, cue: &Range<usize>) -> Option<Range<usize>> {
        match suppressor.place {
            Place::Marks => return self.reach.title(cue).cloned(),
            Place::Late => return (self.chars(0..cue.start) > suppressor.within).then(|| cue.clone()),
            _ => {}
        }
        // A cue may run over several clauses: a word before it must stand in the first, one after in the last.
        let last = cue.end.saturating_sub(1);
        let scope = match suppressor.scope {
            Scope::Clause => self.reach.clause(cue.start).start..self.reach.clause(last).end,
            Scope::Sentence => self.reach.sentence(cue.start).start..self.reach.sentence(last).end,
        };
        let words = self.words.iter().filter(|(of, _)| *of == index).map(|(_, range)| range);
        let reaches = |word: &&Range<usize>| {
            let in_scope = scope.start <= word.start && word.end <= scope.end;
            let before = word.end <= cue.start && self.chars(word.end..cue.start) <= suppressor.within;
            let after = cue.end <= word.start && self.chars(cue.end..word.start) <= suppressor.within;
            match suppressor.place {
                Place::Before => in_scope && before,
                Place::After => in_scope && after,
                Place::Around => in_scope,
                Place::Enclosing => word.start < cue.end && cue.start < word.end,
                Place::Marks | Place::Late => false,
            }
        };
        // Of `没` and `没有` the longer.
        words.filter(reaches).min_by_key(|word| (word.start, std::cmp::Reverse(word.end))).cloned()
    }

    fn chars(&self, range: Range<usize>) -> usize {
        self.text.get(range).map_or(usize::MAX, |between| between.chars().count())
    }
}
