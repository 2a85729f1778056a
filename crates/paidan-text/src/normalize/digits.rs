/// The zeros of the decimal digits (general category Nd) of other scripts, in the order of their codes, from
/// the Unicode character database, Basic Multilingual Plane. Full-width and mathematical digits are NFKC's.
const ZEROS: [u16; 35] = [
    0x0660, 0x06F0, 0x07C0, 0x0966, 0x09E6, 0x0A66, 0x0AE6, 0x0B66, 0x0BE6, 0x0C66, 0x0CE6, 0x0D66, 0x0DE6,
    0x0E50, 0x0ED0, 0x0F20, 0x1040, 0x1090, 0x17E0, 0x1810, 0x1946, 0x19D0, 0x1A80, 0x1A90, 0x1B50, 0x1BB0,
    0x1C40, 0x1C50, 0xA620, 0xA8D0, 0xA900, 0xA9D0, 0xA9F0, 0xAA50, 0xABF0,
];

/// What a decimal digit of another script is worth, 0 to 9.
pub(super) fn value(c: char) -> Option<u8> {
    let code = u16::try_from(u32::from(c)).ok()?;
    let after = ZEROS.partition_point(|zero| *zero <= code);
    let value = code - ZEROS.get(after.checked_sub(1)?)?;
    u8::try_from(value).ok().filter(|value| *value < 10)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_of_other_scripts() {
        let values = |text: &str| text.chars().map(value).collect::<Vec<_>>();
        assert_eq!(values("٠٩۳"), [Some(0), Some(9), Some(3)]);
        assert_eq!(values("०९๓༣"), [Some(0), Some(9), Some(3), Some(3)]);
        assert_eq!(values("1一٪॰𝟏"), [None; 5]);
        assert!(ZEROS.is_sorted());
    }
}
