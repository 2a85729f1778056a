/// Finds the index of a 64-bit key: open addressing, linear probing, at most half full.
///
/// Nearly all look-ups of a ticket miss, so that an empty slot must end them early.
#[derive(Clone, Debug)]
pub(super) struct KeyTable {
    /// `(key, index)`; [`EMPTY`] as key marks a free slot.
    slots: Vec<(u64, u32)>,
    shift: u32,
}

/// No n-gram has this key: it would be a word whose hash has all bits set, which `insert` refuses.
const EMPTY: u64 = u64::MAX;

impl KeyTable {
    /// The table of `keys[i] -> i`, or the index of a key that repeats an earlier one.
    pub(super) fn new(keys: &[u64]) -> Result<Self, usize> {
        let bits = (keys.len().max(4) * 2).next_power_of_two().trailing_zeros();
        let mut table = Self { slots: vec![(EMPTY, 0); 1 << bits], shift: 64 - bits };
        for (index, &key) in keys.iter().enumerate() {
            let slot = table.slot(key);
            match table.slots.get_mut(slot) {
                Some(entry) if entry.0 == EMPTY && key != EMPTY => *entry = (key, index as u32),
                _ => return Err(index),
            }
        }
        Ok(table)
    }

    /// The index of `key`.
    #[inline]
    pub(super) fn get(&self, key: u64) -> Option<u32> {
        match self.slots.get(self.slot(key)) {
            Some(&(found, index)) if found == key && key != EMPTY => Some(index),
            _ => None,
        }
    }

    /// The slot that holds `key` or is free for it.
    #[inline]
    fn slot(&self, key: u64) -> usize {
        let mask = self.slots.len() - 1;
        let mut slot = (key.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> self.shift) as usize;
        while let Some(&(found, _)) = self.slots.get(slot) {
            if found == key || found == EMPTY {
                break;
            }
            slot = (slot + 1) & mask;
        }
        slot
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_what_was_put_in_and_nothing_else() {
        let keys: Vec<u64> = (0..1000u64).map(|i| i * i * 7919).collect();
        let table = KeyTable::new(&keys).unwrap();
        for (index, &key) in keys.iter().enumerate() {
            assert_eq!(table.get(key), Some(index as u32));
            assert_eq!(table.get(key + 1), None);
        }
        assert_eq!(table.get(u64::MAX), None);
        assert_eq!(KeyTable::new(&[]).unwrap().get(0), None);
    }

    #[test]
    fn refuses_repeated_keys() {
        assert_eq!(KeyTable::new(&[5, 6, 5]).unwrap_err(), 2);
    }
}
