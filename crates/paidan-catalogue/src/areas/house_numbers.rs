/// Which house numbers of a road belong to an area: `(1-199)`, `(200-)`, `(1-99单)`, `(2-98双)`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct HouseNumbers {
    first: u32,
    last: u32,
    odd: bool,
    even: bool,
}

impl HouseNumbers {
    pub(crate) fn contains(self, number: u32) -> bool {
        let side = if number % 2 == 1 { self.odd } else { self.even };
        side && (self.first..=self.last).contains(&number)
    }

    /// Parts a landmark such as `人民路(1-199)` into its name and numbers; `Err` where the brackets hold none.
    pub(crate) fn part(landmark: &str) -> Result<(&str, Option<Self>), ()> {
        let Some((name, rest)) = landmark.split_once(['(', '（']) else { return Ok((landmark, None)) };
        let inner = rest.strip_suffix([')', '）']).ok_or(())?;
        let (inner, odd, even) = match (inner.strip_suffix('单'), inner.strip_suffix('双')) {
            (Some(inner), _) => (inner, true, false),
            (_, Some(inner)) => (inner, false, true),
            _ => (inner, true, true),
        };
        let inner = inner.trim_end_matches('号');
        let (first, last) = match inner.split_once('-') {
            _ if inner.is_empty() => (0, u32::MAX),
            Some((first, "")) => (first.parse().map_err(|_| ())?, u32::MAX),
            Some((first, last)) => (first.parse().map_err(|_| ())?, last.parse().map_err(|_| ())?),
            None => return Err(()),
        };
        if name.is_empty() || first > last {
            return Err(());
        }
        Ok((name, Some(Self { first, last, odd, even })))
    }
}

/// The house number that `text` begins with: `35号`, `35-2号`, `35弄`.
pub(crate) fn leading_number(text: &str) -> Option<u32> {
    let text = text.trim_start();
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let number = text.get(..digits)?.parse().ok()?;
    let rest = text.get(digits..)?.trim_start_matches(|c: char| c == '-' || c.is_ascii_digit());
    rest.trim_start().starts_with(['号', '弄', '#']).then_some(number)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_have_ranges_and_sides() {
        let numbers = |landmark| HouseNumbers::part(landmark).unwrap().1.unwrap();
        assert!(numbers("人民路(1-199)").contains(199) && !numbers("人民路(1-199)").contains(200));
        assert!(numbers("人民路（200-）").contains(9000));
        assert!(numbers("人民路(1-99单)").contains(35) && !numbers("人民路(1-99单)").contains(36));
        assert!(numbers("人民路(双)").contains(36));
        assert_eq!(HouseNumbers::part("人民路"), Ok(("人民路", None)));
        for wrong in ["人民路(北段)", "人民路(9-1)", "人民路(1-9", "(1-9)"] {
            assert_eq!(HouseNumbers::part(wrong), Err(()), "{wrong}");
        }
    }

    #[test]
    fn a_number_needs_its_sign() {
        assert_eq!(leading_number("35号楼下"), Some(35));
        assert_eq!(leading_number(" 35-2号"), Some(35));
        assert_eq!(leading_number("3天没水"), None);
        assert_eq!(leading_number("与学府路"), None);
    }
}
