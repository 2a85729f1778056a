/// Which family a feature belongs to; each family is weighted and normalised on its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Family {
    /// Characters of title and text together.
    Chars,
    /// Words of title and text together.
    Words,
    /// Characters of the title once more, by themselves.
    TitleChars,
    /// Words of the title once more, by themselves.
    TitleWords,
}

impl Family {
    pub(crate) const ALL: [Self; 4] = [Self::Chars, Self::Words, Self::TitleChars, Self::TitleWords];

    /// What the vocabulary file calls it.
    pub(super) fn code(self) -> &'static str {
        match self {
            Self::Chars => "c",
            Self::Words => "w",
            Self::TitleChars => "tc",
            Self::TitleWords => "tw",
        }
    }

    pub(super) fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|family| family.code() == code)
    }

    pub(super) fn is_words(self) -> bool {
        matches!(self, Self::Words | Self::TitleWords)
    }

    /// The same n-gram in the family of the title alone.
    fn of_title(self) -> Self {
        if self.is_words() { Self::TitleWords } else { Self::TitleChars }
    }

    /// The families in which an n-gram counts: those of the whole ticket, then of its title.
    pub(super) fn counted_in(self, in_title: bool) -> impl Iterator<Item = Self> {
        [Some(self), in_title.then(|| self.of_title())].into_iter().flatten()
    }

    /// The key of an n-gram of this family.
    ///
    /// Packed characters fill 63 bits and keep them, so that they never collide; all others carry the
    /// number of their family in the three highest bits.
    pub(super) fn key(self, packed: u64) -> u64 {
        let tagged = |tag: u64, hash: u64| hash >> 3 | tag << 61;
        match self {
            Self::Chars => packed,
            Self::Words => tagged(4, packed),
            Self::TitleChars => tagged(5, mix(packed)),
            Self::TitleWords => tagged(6, packed),
        }
    }
}

/// MurmurHash3's 64-bit finaliser.
pub(crate) fn mix(mut hash: u64) -> u64 {
    hash ^= hash >> 33;
    hash = hash.wrapping_mul(0xff51_afd7_ed55_8ccd);
    hash ^= hash >> 33;
    hash = hash.wrapping_mul(0xc4ce_b9fe_1a85_ec53);
    hash ^ (hash >> 33)
}
