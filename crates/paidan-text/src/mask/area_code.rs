//! Area codes of fixed lines in mainland China.

use super::digits::Chain;
use super::gap::Gap;
use super::numeral::Script;

/// How many digits of an area code begin with digit `at`; after a country code its 0 is left out.
///
/// Where the local number stands apart, any code of the right form counts; where it touches, only those in use,
/// since many codes of other things begin with 0.
pub(super) fn area_code(chain: Chain<'_>, at: usize, after_country: bool) -> Option<usize> {
    let trunk = usize::from(chain.value(at) == Some(0));
    if trunk == 0 && !after_country {
        return None;
    }
    let code = |len: usize| Some(chain.number(at + trunk, len)?.decimal(0..len));
    let end = |len: usize| {
        let end = at + trunk + len;
        let is_whole =
            chain.is_boundary(end) && chain.number(at, trunk + len).is_some_and(|code| code.is_run());
        (end - at, is_whole)
    };
    let (len, is_whole) = end(2);
    if code(2).is_some_and(|code| code == 10 || (20..=29).contains(&code)) {
        let is_used = code(2) != Some(26);
        return (is_used || is_whole).then_some(len);
    }
    let (len, is_whole) = end(3);
    code(3).filter(|&code| is_used(code) || (is_whole && (300..=999).contains(&code)))?;
    Some(len)
}

/// The codes of three digits in use, without their 0 (numbering plan of the Ministry of Industry and
/// Information Technology; some that have been merged are still written).
fn is_used(code: u32) -> bool {
    matches!(
        code,
        310..=319
            | 335
            | 349..=359
            | 370..=379
            | 391..=398
            | 410..=419
            | 421
            | 427
            | 429
            | 431..=440
            | 450..=459
            | 464
            | 467..=479
            | 482
            | 483
            | 510..=519
            | 523
            | 527
            | 530..=539
            | 543
            | 546
            | 550..=559
            | 561..=566
            | 570..=580
            | 591..=599
            | 631..=635
            | 660
            | 662
            | 663
            | 668
            | 691
            | 692
            | 701
            | 710..=719
            | 722
            | 724
            | 728
            | 730..=739
            | 743..=746
            | 750..=760
            | 762
            | 763
            | 766
            | 768..=779
            | 790..=799
            | 812
            | 813
            | 816..=818
            | 825..=827
            | 830..=839
            | 851..=859
            | 870..=879
            | 881
            | 883
            | 886..=888
            | 890..=899
            | 901..=903
            | 906
            | 908..=919
            | 930..=939
            | 941
            | 943
            | 951..=955
            | 970..=979
            | 990..=999
    )
}

/// How many digits of the country code +86 or 0086 begin with digit `at`, which a plus sign precedes if
/// `plus`; 86 alone must be a group, or one with the area code.
pub(super) fn country_code(chain: Chain<'_>, at: usize, plus: bool) -> usize {
    if chain.starts_with(at, &[0, 0, 8, 6]) {
        4
    } else if chain.starts_with(at, &[8, 6])
        && (plus || [2, 4, 5].iter().any(|len| chain.is_boundary(at + len)))
    {
        2
    } else {
        0
    }
}

/// Whether what stands before digit `local` may part an area code from its local number; in lists of figures
/// a comma does not.
pub(super) fn joins_area_code(chain: Chain<'_>, local: usize, is_named: bool) -> bool {
    match chain.gap(local) {
        Gap::None | Gap::Blank | Gap::Sign | Gap::Dash | Gap::Dot => true,
        Gap::Comma | Gap::Word => is_named || chain.script(local) != Some(Script::Ascii),
    }
}
