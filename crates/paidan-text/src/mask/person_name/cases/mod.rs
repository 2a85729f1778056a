//! Sentences in the registers of operators, letters, web forms and speech transcripts; all are invented.

mod found;
mod left_alone;

use proptest::prelude::*;

use super::PersonName;
use crate::mask::{Masker, check_cases};

#[test]
fn names_are_found() {
    check_cases(PersonName, found::FOUND);
}

#[test]
fn others_are_left_alone() {
    check_cases(PersonName, left_alone::LEFT_ALONE);
}

proptest! {
    /// In any text, and in texts full of what the rule looks for.
    #[test]
    fn masking_twice_changes_nothing(
        text in prop_oneof![
            any::<String>(),
            "((我叫|业主|联系人：|先生|来电|、|和|·|，|。| |王|李|张|欧阳|建国|秀兰|伟|高兴|的|13800001234|⟦person_name⟧){0,1}[一-龥a-z。]{0,3}){0,12}",
            "(我叫|业主|联系人：|先生|来电|、|和|·|，|王|李|张|欧阳|建国|秀兰|伟|高兴|卓玛|路|建议|⟦phone⟧){0,12}",
        ],
    ) {
        let masker = Masker::new(vec![Box::new(PersonName)]);
        let (once, spans, _) = masker.mask(&text);
        for span in &spans {
            prop_assert!(text.get(span.range.clone()).is_some_and(|name| !name.contains(['⟦', '⟧'])));
        }
        let (twice, _, _) = masker.mask(&once);
        prop_assert_eq!(twice, once);
    }
}
