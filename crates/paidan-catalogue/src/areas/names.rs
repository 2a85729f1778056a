use super::AreaId;
use super::house_numbers::HouseNumbers;

/// What a name is to an area.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum OwnerKind {
    Name,
    Alias,
    Landmark,
}

/// An area that a name may mean.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Owner {
    pub(crate) area: AreaId,
    pub(crate) kind: OwnerKind,
    /// House numbers that belong to it; all where there are none.
    pub(crate) numbers: Option<HouseNumbers>,
}

impl OwnerKind {
    pub(crate) fn in_chinese(self) -> &'static str {
        match self {
            Self::Name => "名称",
            Self::Alias => "别名",
            Self::Landmark => "地标",
        }
    }
}
