use std::fmt;

use serde::{Serialize, Serializer};

/// Administrative level of an area or a unit, the highest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// 省
    Province,
    /// 市
    City,
    /// 区, 县
    District,
    /// 街道, 镇, 乡
    Street,
    /// 社区, 村
    Community,
    /// 企业: a company that serves the public; units only.
    Enterprise,
}

impl Level {
    /// All names, the English one of each level first.
    const NAMES: [(Self, &'static [&'static str]); 6] = [
        (Self::Province, &["province", "省", "省级"]),
        (Self::City, &["city", "市", "市级"]),
        (Self::District, &["district", "区", "县", "区县", "区级", "县级"]),
        (Self::Street, &["street", "街道", "镇", "乡", "镇街", "乡镇", "街道级"]),
        (Self::Community, &["community", "village", "社区", "村", "村居", "村社"]),
        (Self::Enterprise, &["enterprise", "企业"]),
    ];

    /// What a table may say for a level of an area.
    pub(crate) const EXPECTED: &'static str = "`province`, `city`, `district`, `street` or `community`";

    pub(crate) fn parse(text: &str) -> Option<Self> {
        let text = text.to_lowercase();
        let named = Self::NAMES.iter().find(|(_, names)| names.contains(&text.as_str()));
        named.map(|(level, _)| *level)
    }

    /// The name in files and JSON.
    pub fn name(self) -> &'static str {
        Self::NAMES
            .iter()
            .find(|(level, _)| *level == self)
            .and_then(|(_, names)| names.first())
            .copied()
            .unwrap_or_default()
    }

    /// 基层: streets and communities, which must not get what is a department's duty.
    pub fn is_grassroots(self) -> bool {
        matches!(self, Self::Street | Self::Community)
    }
}

impl fmt::Display for Level {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl Serialize for Level {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}
