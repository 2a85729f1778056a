use rayon::prelude::*;

/// Words of all texts, one after another, as numbers; texts are parted by [`END`].
pub(super) struct Tokens {
    pub(super) words: Vec<u32>,
    /// How often each word occurs.
    pub(super) counts: Vec<u64>,
}

/// Parts two texts, and stands for words that are too rare.
pub(super) const END: u32 = u32::MAX;

/// Words at most so far apart stand near each other; nearer ones count more, falling to nothing in equal steps.
const WINDOW: usize = 15;
/// Words more frequent than this share of all count less, as if left out at random (Mikolov and others, 2013).
const FREQUENT: f64 = 1e-3;
/// Power by which the counts of the words beside are evened out (Levy, Goldberg, Dagan, 2015).
const SMOOTHING: f64 = 0.75;

/// A symmetric matrix of which only values other than 0 are kept (compressed sparse rows).
#[derive(Debug, Default)]
pub(super) struct Symmetric {
    pub(super) ends: Vec<usize>,
    pub(super) columns: Vec<u32>,
    pub(super) values: Vec<f32>,
}

impl Symmetric {
    /// Columns and values of row `i`.
    pub(super) fn row(&self, i: usize) -> (&[u32], &[f32]) {
        let start = if i == 0 { 0 } else { self.ends[i - 1] };
        let range = start..self.ends[i];
        (&self.columns[range.clone()], &self.values[range])
    }

    pub(super) fn size(&self) -> usize {
        self.ends.len()
    }
}

/// The positive pointwise mutual information of all pairs of words: the logarithm of how much more often they
/// stand near each other than chance would have it, 0 where that is not more often. Evened out on both sides, so
/// that it is symmetric.
pub(super) fn mutual_information(tokens: &Tokens) -> Symmetric {
    let all: u64 = tokens.counts.iter().sum();
    let kept: Vec<f32> = tokens
        .counts
        .iter()
        .map(|count| {
            let excess = FREQUENT * all as f64 / (*count).max(1) as f64;
            (excess.sqrt() + excess).min(1.0) as f32
        })
        .collect();
    let places = places(tokens);
    let near = Near { tokens, places: &places, kept: &kept };
    let words = tokens.counts.len() as u32;
    let sums: Vec<f64> = (0..words).into_par_iter().map(|word| near.sum(word)).collect();
    let smoothed: Vec<f64> = sums.iter().map(|sum| sum.powf(SMOOTHING)).collect();
    let total: f64 = smoothed.iter().sum();
    // Half the logarithms of the chance of the word as centre and as neighbour.
    let logs: Vec<f64> = sums
        .iter()
        .zip(&smoothed)
        .map(|(sum, share)| 0.5 * (sum.max(1e-9) * share.max(1e-9) / total).ln())
        .collect();
    let rows: Vec<(Vec<u32>, Vec<f32>)> = (0..words)
        .into_par_iter()
        .map_init(
            || (vec![0.0f32; words as usize], Vec::new()),
            |(counts, touched), word| {
                near.count(word, counts, touched);
                touched.sort_unstable();
                let (mut columns, mut values) = (Vec::new(), Vec::new());
                for other in touched.drain(..) {
                    let count = std::mem::take(&mut counts[other as usize]);
                    let value = f64::from(count).ln() - logs[word as usize] - logs[other as usize];
                    if value > 0.0 {
                        columns.push(other);
                        values.push(value as f32);
                    }
                }
                (columns, values)
            },
        )
        .collect();
    let mut matrix = Symmetric::default();
    for (columns, values) in rows {
        matrix.columns.extend(columns);
        matrix.values.extend(values);
        matrix.ends.push(matrix.columns.len());
    }
    matrix
}

/// Where each word stands.
struct Places {
    ends: Vec<usize>,
    places: Vec<u32>,
}

fn places(tokens: &Tokens) -> Places {
    let mut ends: Vec<usize> = Vec::with_capacity(tokens.counts.len());
    let mut sum = 0;
    for count in &tokens.counts {
        ends.push(sum);
        sum += *count as usize;
    }
    let mut places = vec![0; sum];
    for (place, word) in (0..).zip(&tokens.words) {
        if let Some(next) = ends.get_mut(*word as usize) {
            places[*next] = place;
            *next += 1;
        }
    }
    Places { ends, places }
}

struct Near<'a> {
    tokens: &'a Tokens,
    places: &'a Places,
    kept: &'a [f32],
}

impl Near<'_> {
    /// Calls `visit` with each word near `word` and how much that counts.
    fn for_each(&self, word: u32, mut visit: impl FnMut(u32, f32)) {
        let word = word as usize;
        let start = if word == 0 { 0 } else { self.places.ends[word - 1] };
        for &place in &self.places.places[start..self.places.ends[word]] {
            let place = place as usize;
            let before = self.tokens.words[..place].iter().rev();
            let after = self.tokens.words[place + 1..].iter();
            let mut one_side = |others: &mut dyn Iterator<Item = &u32>| {
                for (distance, other) in others.take(WINDOW).take_while(|other| **other != END).enumerate() {
                    let nearness = (WINDOW - distance) as f32 / WINDOW as f32;
                    visit(*other, self.kept[word] * self.kept[*other as usize] * nearness);
                }
            };
            one_side(&mut before.into_iter());
            one_side(&mut after.into_iter());
        }
    }

    fn sum(&self, word: u32) -> f64 {
        let mut sum = 0.0;
        self.for_each(word, |_, count| sum += f64::from(count));
        sum
    }

    fn count(&self, word: u32, counts: &mut [f32], touched: &mut Vec<u32>) {
        self.for_each(word, |other, count| {
            let sum = &mut counts[other as usize];
            if *sum == 0.0 {
                touched.push(other);
            }
            *sum += count;
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_beside_each_other_more_than_by_chance() {
        // 0 and 1 always stand together, 2 and 3 too, and never one of either beside the other.
        let mut words = Vec::new();
        for _ in 0..50 {
            words.extend([0, 1, END, 2, 3, END]);
        }
        let matrix = mutual_information(&Tokens { words, counts: vec![50; 4] });
        assert_eq!(matrix.size(), 4);
        let rows: Vec<&[u32]> = (0..4).map(|row| matrix.row(row).0).collect();
        assert_eq!(rows, [[1], [0], [3], [2]]);
        // Four times as often as chance, which the evened-out shares leave as it is.
        assert!((matrix.row(0).1[0] - 4.0f32.ln()).abs() < 1e-4, "{matrix:?}");
    }
}
