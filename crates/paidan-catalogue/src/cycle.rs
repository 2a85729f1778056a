/// The places that lie on a cycle of `next`, in order.
pub(crate) fn on_cycles(next: &[Option<usize>]) -> Vec<usize> {
    // 0 not seen, else the walk that came by.
    let mut seen = vec![0_usize; next.len()];
    let mut found = Vec::new();
    for start in 0..next.len() {
        let walk = start + 1;
        let mut at = Some(start);
        while let Some(here) = at {
            match seen.get_mut(here) {
                Some(mark) if *mark == 0 => *mark = walk,
                Some(mark) if *mark == walk => {
                    // Once around: all that is met now is the cycle.
                    let mut round = here;
                    loop {
                        found.push(round);
                        match next.get(round).copied().flatten() {
                            Some(following) if following != here => round = following,
                            _ => break,
                        }
                    }
                    break;
                }
                _ => break,
            }
            at = next.get(here).copied().flatten();
        }
    }
    found.sort_unstable();
    found
}

#[cfg(test)]
mod tests {
    use super::on_cycles;

    #[test]
    fn cycles_are_found_and_what_leads_to_them_is_not() {
        assert_eq!(on_cycles(&[Some(1), Some(2), Some(1), None, Some(0)]), [1, 2]);
        assert_eq!(on_cycles(&[Some(0), None, Some(1)]), [0]);
        assert!(on_cycles(&[None, Some(0), Some(1)]).is_empty());
    }
}
