use std::collections::HashMap;

use paidan_text::{PiiKind, PreparedTicket, Segmenter};
use rayon::prelude::*;

use super::family::Family;
use super::ngram::{NUMBER, Section, for_each_ngram, has_digit_run, spelling};
use super::{FeatureSettings, Vocabulary, VocabularyPolicy};
use crate::Error;

/// Counts in how many tickets, and in how many groups of tickets, each n-gram occurs.
#[derive(Default)]
pub(crate) struct VocabularyBuilder {
    counts: HashMap<u64, Count>,
}

struct Count {
    tickets: u32,
    /// Only 64 groups are told apart; more share bits, which can only lower the count.
    groups: u64,
    family: Family,
    spelled: Box<str>,
}

/// Tickets without labels in which a word must occur that no ticket with labels holds, and the most such words.
const LEAST_UNLABELLED: u32 = 5;
const MOST_UNLABELLED: usize = 20_000;

/// Tickets counted by one worker before its table is merged.
const CHUNK: usize = 512;

impl VocabularyBuilder {
    /// Counts the n-grams of `tickets`; `group_of(i)` is the number of the group of ticket `i`.
    pub(crate) fn count(
        tickets: &[PreparedTicket],
        group_of: impl Fn(usize) -> u32 + Sync,
        settings: &FeatureSettings,
    ) -> Self {
        let chunks = tickets.par_chunks(CHUNK).enumerate().map(|(chunk, tickets)| {
            let mut builder = Self::default();
            for (i, ticket) in tickets.iter().enumerate() {
                builder.add(ticket, group_of(chunk * CHUNK + i), settings);
            }
            builder
        });
        // Counts add up to the same whatever the order, and the same key has the same spelling.
        chunks.reduce(Self::default, Self::merge)
    }

    fn add(&mut self, ticket: &PreparedTicket, group: u32, settings: &FeatureSettings) {
        let mut seen: Vec<(u64, Family, Section, std::ops::Range<usize>)> = Vec::new();
        for_each_ngram(ticket, settings, |ngram| {
            seen.push((ngram.key, ngram.family, ngram.section, ngram.range));
        });
        seen.sort_unstable_by_key(|(key, ..)| *key);
        seen.dedup_by_key(|(key, ..)| *key);
        for (key, family, section, range) in seen {
            let count = self.counts.entry(key).or_insert_with(|| {
                let text = if section == Section::Title { &ticket.title } else { &ticket.text };
                let ngram = super::Ngram { key, family, section, range };
                Count { tickets: 0, groups: 0, family, spelled: spelling(text, &ngram).into() }
            });
            count.tickets += 1;
            count.groups |= 1 << (group % 64);
        }
    }

    fn merge(self, other: Self) -> Self {
        let (mut large, small) =
            if self.counts.len() >= other.counts.len() { (self, other) } else { (other, self) };
        for (key, count) in small.counts {
            match large.counts.entry(key) {
                std::collections::hash_map::Entry::Occupied(mut entry) => {
                    let into = entry.get_mut();
                    into.tickets += count.tickets;
                    into.groups |= count.groups;
                }
                std::collections::hash_map::Entry::Vacant(entry) => {
                    entry.insert(count);
                }
            }
        }
        large
    }

    /// The vocabulary under `policy` and the number of tickets in which each of its n-grams occurs; besides, the
    /// dictionary words of `unlabelled` tickets, which are said to occur in all of the `tickets` that were counted, so
    /// that they weigh as little as any word can.
    pub(crate) fn finish(
        self,
        unlabelled: Self,
        tickets: usize,
        policy: &VocabularyPolicy,
        segmenter: &dyn Segmenter,
    ) -> Result<(Vocabulary, Vec<u32>), Error> {
        let new = |(key, count): &(u64, Count)| {
            let known = self.counts.get(key).is_some_and(|count| admits(policy, count, segmenter));
            let spelled = count.spelled.as_ref();
            let is_word = segmenter.is_dictionary_word(spelled) && spelled.chars().all(char::is_alphabetic);
            !known && count.family == Family::Words && count.tickets >= LEAST_UNLABELLED && is_word
        };
        let mut beside: Vec<Count> =
            unlabelled.counts.into_iter().filter(new).map(|(_, count)| count).collect();
        beside.sort_by_cached_key(|count| (std::cmp::Reverse(count.tickets), count.spelled.clone()));
        beside.truncate(MOST_UNLABELLED);
        beside.iter_mut().for_each(|count| count.tickets = tickets as u32);
        let mut kept: Vec<Count> =
            self.counts.into_values().filter(|count| admits(policy, count, segmenter)).collect();
        let order = |count: &Count| (std::cmp::Reverse(count.tickets), count.family, count.spelled.clone());
        kept.sort_by_cached_key(order);
        kept.truncate(policy.max_features);
        kept.extend(beside);
        kept.sort_by(|a, b| (a.family, &a.spelled).cmp(&(b.family, &b.spelled)));
        let frequencies = kept.iter().map(|count| count.tickets).collect();
        let vocabulary = Vocabulary::new(kept.into_iter().map(|c| (c.family, c.spelled)).collect())?;
        Ok((vocabulary, frequencies))
    }
}

/// Whether `policy` lets an n-gram into the vocabulary; runs of four digits never enter.
fn admits(policy: &VocabularyPolicy, count: &Count, segmenter: &dyn Segmenter) -> bool {
    if count.tickets < policy.min_tickets
        || has_digit_run(&count.spelled)
        || count.spelled.contains(['\t', '\n'])
    {
        return false;
    }
    let spelled = count.spelled.as_ref();
    let common = count.tickets >= policy.min_tickets_outside_dictionary
        && count.groups.count_ones() >= policy.min_groups_outside_dictionary;
    let token = || spelled == NUMBER || PiiKind::ALL.iter().any(|kind| kind.token() == spelled);
    common || spelled.chars().count() == 1 || token() || segmenter.is_dictionary_word(spelled)
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use paidan_text::{Dictionary, JiebaSegmenter, TextPipeline, Ticket};

    #[test]
    fn rare_ngrams_outside_the_dictionary_stay_out() {
        let pipeline = TextPipeline::new(Arc::new(JiebaSegmenter::new(&Dictionary::default())));
        let tickets: Vec<PreparedTicket> = (0..24)
            .map(|i| {
                let name = if i < 19 { "用的是珞檩牌，" } else { "" };
                pipeline.prepare_ticket(&Ticket::new(format!("{name}水泵乱响20251103")))
            })
            .collect();
        let settings = FeatureSettings { char_ngrams: 3, ..FeatureSettings::default() };
        let entries = |policy: &VocabularyPolicy, groups: u32| -> Vec<String> {
            let builder = VocabularyBuilder::count(&tickets, |i| i as u32 % groups, &settings);
            let (vocabulary, frequencies) =
                builder.finish(VocabularyBuilder::default(), 24, policy, pipeline.segmenter()).unwrap();
            assert_eq!(vocabulary.len(), frequencies.len());
            vocabulary.iter().map(str::to_owned).collect()
        };
        let shared = entries(&VocabularyPolicy::for_sharing(), 2);
        assert!(shared.contains(&"泵乱响".to_owned()) && shared.contains(&"水泵".to_owned()));
        assert!(shared.iter().all(|spelled| !spelled.contains("珞檩")), "19 tickets are too few: {shared:?}");
        assert!(
            !entries(&VocabularyPolicy::for_sharing(), 1).contains(&"泵乱响".to_owned()),
            "one city is too few"
        );
        let more: Vec<PreparedTicket> =
            (0..6).map(|_| pipeline.prepare_ticket(&Ticket::new("公交车晚点，珞檩牌"))).collect();
        let unlabelled = VocabularyBuilder::count(&more, |_| 0, &settings);
        let builder = VocabularyBuilder::count(&tickets, |_| 0, &settings);
        let (vocabulary, frequencies) =
            builder.finish(unlabelled, 24, &VocabularyPolicy::for_sharing(), pipeline.segmenter()).unwrap();
        let word = vocabulary.iter().position(|spelled| spelled == "公交车").unwrap();
        assert_eq!(frequencies[word], 24, "a word of other tickets weighs least");
        assert!(vocabulary.iter().all(|spelled| !spelled.contains("珞檩") && spelled != "车晚"));
        let own = entries(&VocabularyPolicy::default(), 1);
        assert!(own.contains(&"珞檩".to_owned()));
        assert!(own.iter().chain(&shared).all(|spelled| !has_digit_run(spelled)));
        let small = VocabularyPolicy { max_features: 5, ..VocabularyPolicy::default() };
        assert_eq!(entries(&small, 1).len(), 5);
    }
}
