/// The entries of a cell that holds a list: parted by `;`, `；`, `|` or `、`, without blanks at their ends.
pub(crate) fn list(cell: &str) -> impl Iterator<Item = &str> {
    cell.split([';', '；', '|', '、', '\n']).map(str::trim).filter(|entry| !entry.is_empty())
}

#[cfg(test)]
mod tests {
    use super::list;

    #[test]
    fn signs_part_entries() {
        assert_eq!(list("甲;乙； 丙|丁、戊;").collect::<Vec<_>>(), ["甲", "乙", "丙", "丁", "戊"]);
        assert_eq!(list(" ; ").count(), 0);
    }
}
