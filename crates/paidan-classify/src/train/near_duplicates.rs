use std::collections::HashMap;

use paidan_text::PreparedTicket;
use rayon::prelude::*;

use crate::features::mix;

/// Groups of tickets whose texts are nearly the same: the first ticket of the group of each ticket.
///
/// Texts are sets of five characters in a row, digits and punctuation aside. Tickets that agree in one of eight
/// bands of four minimum hashes are compared, and join one group where 26 of the 32 hashes are equal, which is a
/// Jaccard similarity of about 0.8 (Broder, "On the Resemblance and Containment of Documents", 1997).
pub(crate) fn near_duplicates(tickets: &[PreparedTicket]) -> Vec<u32> {
    let sketches: Vec<Option<Sketch>> = tickets.par_iter().map(sketch).collect();
    let mut first: Vec<u32> = (0..tickets.len() as u32).collect();
    for band in 0..BANDS {
        let mut seen: HashMap<&[u32], u32> = HashMap::new();
        for (ticket, sketch) in sketches.iter().enumerate() {
            let Some(sketch) = sketch else { continue };
            let Some(key) = sketch.get(band * WIDTH..(band + 1) * WIDTH) else { continue };
            let other = *seen.entry(key).or_insert(ticket as u32);
            let alike = |other: &Sketch| sketch.iter().zip(other).filter(|(a, b)| a == b).count() >= ALIKE;
            if other != ticket as u32 && sketches[other as usize].as_ref().is_some_and(alike) {
                let (a, b) = (root(&mut first, ticket as u32), root(&mut first, other));
                first[a.max(b) as usize] = a.min(b);
            }
        }
    }
    (0..tickets.len() as u32).map(|ticket| root(&mut first, ticket)).collect()
}

const BANDS: usize = 8;
const WIDTH: usize = 4;
const HASHES: usize = BANDS * WIDTH;
const ALIKE: usize = 26;
const SHINGLE: usize = 5;

type Sketch = [u32; HASHES];

/// The minimum hashes of a ticket; `None` where it has no letter.
fn sketch(ticket: &PreparedTicket) -> Option<Sketch> {
    let both = ticket.title.masked().chars().chain(ticket.text.masked().chars());
    let letters: Vec<char> = both.filter(|c| c.is_alphabetic()).collect();
    let mut sketch = [u32::MAX; HASHES];
    for shingle in letters.windows(SHINGLE.min(letters.len().max(1))) {
        let fnv = |hash: u64, c: &char| (hash ^ u64::from(u32::from(*c))).wrapping_mul(0x0100_0000_01b3);
        let hash = mix(shingle.iter().fold(0xcbf2_9ce4_8422_2325, fnv));
        // Two independent halves make any number of hashes (Kirsch, Mitzenmacher, 2006).
        let (one, two) = (hash as u32, (hash >> 32) as u32 | 1);
        for (number, least) in (0u32..).zip(&mut sketch) {
            *least = (*least).min(mix32(one.wrapping_add(number.wrapping_mul(two))));
        }
    }
    (!letters.is_empty()).then_some(sketch)
}

fn mix32(mut hash: u32) -> u32 {
    hash = (hash ^ (hash >> 16)).wrapping_mul(0x85eb_ca6b);
    hash = (hash ^ (hash >> 13)).wrapping_mul(0xc2b2_ae35);
    hash ^ (hash >> 16)
}

fn root(first: &mut [u32], mut ticket: u32) -> u32 {
    while first[ticket as usize] != ticket {
        // Halves the way for the next time.
        first[ticket as usize] = first[first[ticket as usize] as usize];
        ticket = first[ticket as usize];
    }
    ticket
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use paidan_text::{Dictionary, JiebaSegmenter, TextPipeline, Ticket};

    #[test]
    fn copies_with_small_changes_are_one_group() {
        let pipeline = TextPipeline::new(Arc::new(JiebaSegmenter::new(&Dictionary::default())));
        let long = "我们小区北门外的烧烤摊每天晚上营业到凌晨两点，油烟直接飘进窗户，老人孩子咳嗽不止，多次向物业\
                    反映都说管不了，希望有关部门尽快到现场查处，并给居民一个明确的答复";
        let texts = [
            long.to_owned(),
            "自来水停了两天没有通知".to_owned(),
            format!("您好！{long}。2026年3月5日"),
            "公交车等了四十分钟才来一辆".to_owned(),
            long.replace("凌晨两点", "凌晨三点"),
            "自来水停了两天，没有通知！".to_owned(),
            "12345".to_owned(),
            "12345".to_owned(),
        ];
        let tickets: Vec<_> = texts.iter().map(|text| pipeline.prepare_ticket(&Ticket::new(text))).collect();
        assert_eq!(near_duplicates(&tickets), [0, 1, 0, 3, 0, 1, 6, 7]);
        assert!(near_duplicates(&[]).is_empty());
    }
}
