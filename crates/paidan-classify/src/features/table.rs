use std::collections::HashSet;

use super::family::mix;

/// Finds the index of a 64-bit key: open addressing, linear probing, at most half full.
///
/// A slot holds 40 bits of the hashed key beside the index, and no key is looked at again: a key that is not
/// in the table is taken for one that is with a probability of about 10⁻¹².
#[derive(Clone, Debug)]
pub(super) struct KeyTable {
    /// `tag << 24 | index + 1`; 0 is a free slot.
    slots: Vec<u64>,
    shift: u32,
}

const INDEX_BITS: u32 = 24;
const INDEX_MASK: u64 = (1 << INDEX_BITS) - 1;
/// The most keys a table can hold.
pub(crate) const MAX_KEYS: usize = INDEX_MASK as usize - 1;

impl KeyTable {
    /// The table of `keys[i] -> i`, or the index of the first key that repeats an earlier one or is one too
    /// many.
    pub(super) fn new(keys: &[u64]) -> Result<Self, usize> {
        let bits = (keys.len().clamp(4, MAX_KEYS) * 2).next_power_of_two().trailing_zeros();
        let mut table = Self { slots: vec![0; 1 << bits], shift: 64 - bits };
        let mask = table.slots.len() - 1;
        let mut seen = HashSet::with_capacity(keys.len());
        for (index, &key) in keys.iter().enumerate() {
            if !seen.insert(key) || index >= MAX_KEYS {
                return Err(index);
            }
            let hash = mix(key);
            let mut slot = (hash >> table.shift) as usize;
            while table.slots[slot & mask] != 0 {
                slot += 1;
            }
            table.slots[slot & mask] = hash << INDEX_BITS | (index as u64 + 1);
        }
        Ok(table)
    }

    /// Appends to `found` the indices of those of `keys` that are in the table, in their order.
    pub(super) fn find_all(&self, keys: &[u64], found: &mut Vec<u32>) {
        let mask = self.slots.len() - 1;
        // The first slots of all keys are fetched before any of them is looked at: fetches that wait for
        // nothing overlap, and these are what a look-up costs.
        let hashes: Vec<u64> = keys.iter().map(|&key| mix(key)).collect();
        let first: Vec<u64> =
            hashes.iter().map(|hash| self.slots[(hash >> self.shift) as usize & mask]).collect();
        found.extend(hashes.into_iter().zip(first).filter_map(|(hash, entry)| self.probe(hash, entry)));
    }

    /// The index of `key`.
    pub(super) fn get(&self, key: u64) -> Option<u32> {
        let hash = mix(key);
        self.probe(hash, self.slots[(hash >> self.shift) as usize & (self.slots.len() - 1)])
    }

    /// The index of the key with this hash, whose first slot holds `entry`.
    #[inline]
    fn probe(&self, hash: u64, mut entry: u64) -> Option<u32> {
        let mut slot = (hash >> self.shift) as usize;
        while entry != 0 {
            if entry & !INDEX_MASK == hash << INDEX_BITS {
                return Some((entry & INDEX_MASK) as u32 - 1);
            }
            slot += 1;
            entry = self.slots[slot & (self.slots.len() - 1)];
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_what_was_put_in_and_nothing_else() {
        let keys: Vec<u64> = (1..1001u64).map(|i| i * i * 7919).collect();
        let table = KeyTable::new(&keys).unwrap();
        let asked: Vec<u64> = keys.iter().flat_map(|&key| [key, key + 1]).collect();
        let mut found = Vec::new();
        table.find_all(&asked, &mut found);
        assert_eq!(found, (0..1000).collect::<Vec<u32>>());
        assert_eq!(table.get(keys[7]), Some(7));
        assert_eq!(table.get(u64::MAX), None);
        assert_eq!(KeyTable::new(&[]).unwrap().get(0), None);
    }

    #[test]
    fn refuses_repeated_keys() {
        assert_eq!(KeyTable::new(&[5, 6, 5]).unwrap_err(), 2);
    }
}
