mod contributions;

pub use contributions::{Contributions, NgramContribution, SpanContribution};

use std::ops::Range;

use paidan_text::{PreparedText, PreparedTicket};

use crate::Model;
use crate::features::{FeatureVector, Section, for_each_ngram};

/// How much one word spoke for a label.
#[derive(Clone, Debug, PartialEq)]
pub struct WordWeight {
    /// Whether the word stands in the title.
    pub in_title: bool,
    /// Bytes of the masked title or text.
    pub range: Range<usize>,
    /// What the word adds to the score of the label, less what it adds to the mean label. Positive speaks
    /// for the label; the weights of all words add up to the label's lead over the mean, the bias aside.
    pub weight: f32,
}

/// Says of one ticket which words spoke for a label.
///
/// The ticket's features and where they stand are found once, for any number of tasks and labels.
#[derive(Clone, Debug)]
pub struct Explainer<'a> {
    model: &'a Model,
    ticket: &'a PreparedTicket,
    vector: FeatureVector,
    /// The place in `vector` of each n-gram occurrence that is a feature, with where it stands.
    occurrences: Vec<(usize, Section, Range<usize>)>,
    /// Occurrences of each feature, which share its contribution.
    counts: Vec<f32>,
}

impl Model {
    /// An explainer of what the model says of `ticket`.
    pub fn explainer<'a>(&'a self, ticket: &'a PreparedTicket) -> Explainer<'a> {
        let vector = self.vectorizer.vector(ticket);
        let mut occurrences: Vec<(usize, Section, Range<usize>)> = Vec::new();
        let mut counts = vec![0.0f32; vector.indices.len()];
        for_each_ngram(ticket, &self.vectorizer.settings, |ngram| {
            let index = self.vectorizer.vocabulary.index(ngram.key);
            if let Some(at) = index.and_then(|index| vector.indices.binary_search(&index).ok()) {
                occurrences.push((at, ngram.section, ngram.range));
                counts[at] += 1.0;
            }
        });
        Explainer { model: self, ticket, vector, occurrences, counts }
    }
}

impl Explainer<'_> {
    /// What the `embedding` of the ticket adds to the score of label `label` of task `task`, less what it adds to
    /// the mean label; exact, but of the whole ticket: no share of it belongs to a word. `None` where the model has
    /// no encoder, or there is no such task or label.
    pub fn embedding(&self, task: usize, label: usize, embedding: &[f32]) -> Option<f32> {
        let encoder = self.model.encoder.as_ref()?;
        if label >= self.model.tasks.get(task)?.labels.len() {
            return None;
        }
        let first = self.model.vectorizer.idf.len() as u32;
        let values = encoder.centering.apply(embedding);
        let shares = (first..).zip(values).map(|(index, value)| value * self.lead(task, label, index));
        Some(shares.sum())
    }

    /// How much more feature `index` weighs for the label than for the mean label.
    fn lead(&self, task: usize, label: usize, index: u32) -> f32 {
        let (weights, scale) = self.model.heads.row(task, index);
        let mean = weights.iter().map(|weight| f32::from(*weight)).sum::<f32>() / weights.len() as f32;
        let own = weights.get(label).map_or(0.0, |weight| f32::from(*weight));
        scale * (own - mean)
    }

    /// What each word adds to label `label` of task `task`, in the order of the text.
    ///
    /// Exact for the linear head: the share of each n-gram is spread over its occurrences, and over the
    /// words that an occurrence covers by their length. Empty where there is no such task or label.
    pub fn words(&self, task: usize, label: usize) -> Vec<WordWeight> {
        if self.model.tasks.get(task).is_none_or(|task| label >= task.labels.len()) {
            return Vec::new();
        }
        let shares = self.shares(|index| self.lead(task, label, index));
        let mut words = [word_weights(&self.ticket.title, true), word_weights(&self.ticket.text, false)];
        for (at, section, range) in &self.occurrences {
            let words = &mut words[usize::from(*section == Section::Text)];
            spread(words, |word| &word.range, range, shares[*at], |word, share| word.weight += share);
        }
        words.concat()
    }

    /// For each feature of the ticket what one of its occurrences adds, were its weight that of `weight`.
    fn shares(&self, weight: impl Fn(u32) -> f32) -> Vec<f32> {
        let features = self.vector.indices.iter().zip(&self.vector.values).zip(&self.counts);
        features.map(|((&index, value), count)| value * weight(index) / count).collect()
    }
}

fn word_weights(text: &PreparedText, in_title: bool) -> Vec<WordWeight> {
    text.word_ranges()
        .iter()
        .map(|range| WordWeight { in_title, range: range.clone(), weight: 0.0 })
        .collect()
}

/// Hands `share` out to the words under `range`, in proportion to the bytes covered; `range_of` says where a word
/// stands, `add` takes its part.
fn spread<T>(
    words: &mut [T],
    range_of: impl Fn(&T) -> &Range<usize>,
    range: &Range<usize>,
    share: f32,
    mut add: impl FnMut(&mut T, f32),
) {
    let first = words.partition_point(|word| range_of(word).end <= range.start);
    for word in words.iter_mut().skip(first) {
        let own = range_of(word);
        if own.start >= range.end {
            break;
        }
        let covered = own.end.min(range.end) - own.start.max(range.start);
        add(word, share * covered as f32 / range.len() as f32);
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use crate::{Dataset, Example, Silent, TrainSettings, Trainer};
    use paidan_text::{Dictionary, JiebaSegmenter, TextPipeline, Ticket};

    #[test]
    fn words_add_up_to_the_lead_of_the_label() {
        let pipeline = TextPipeline::new(Arc::new(JiebaSegmenter::new(&Dictionary::default())));
        let mut dataset = Dataset::new(["matter"]).unwrap();
        for i in 0..30 {
            let (text, label) =
                [("楼道路灯不亮", "市政"), ("小区停水两天", "供水"), ("公交车不进站", "公交")][i % 3];
            let ticket = Ticket::new(format!("{text}，请处理{i}")).with_title("反映问题");
            let labels = vec![Some(label.to_owned())];
            dataset.push(pipeline.prepare_ticket(&ticket), Example { labels, ..Example::default() });
        }
        let model = Trainer::new(TrainSettings::default())
            .fit(&dataset, &Dictionary::default(), pipeline.segmenter(), &Silent)
            .unwrap();
        let ticket = pipeline.prepare_ticket(&Ticket::new("家里停水，停水了").with_title("又停水"));
        let label = model.tasks()[0].labels().iter().position(|label| label == "供水").unwrap();
        let explainer = model.explainer(&ticket);
        let words = explainer.words(0, label);

        let vector = model.vectorizer.vector(&ticket);
        let of_task = |scores: Vec<f32>| scores[model.heads.columns(0)].to_vec();
        let scores = of_task(model.heads.scores(&vector.indices, &vector.values));
        let bias = of_task(model.heads.scores(&[], &[]));
        let leads: Vec<f32> = scores.iter().zip(&bias).map(|(score, bias)| score - bias).collect();
        let mean = leads.iter().sum::<f32>() / leads.len() as f32;
        let expected = leads[label] - mean;
        let sum: f32 = words.iter().map(|word| word.weight).sum();
        assert!((sum - expected).abs() < 1e-3 * expected.abs(), "{sum} {expected}");

        // Without the mean: what each word adds, and the bias, are the score.
        let made = explainer.contributions(0, label, &[]).unwrap();
        let sum: f32 = made.spans.iter().map(|span| span.contribution).sum();
        assert!((made.score - scores[label]).abs() < 1e-6 && (made.bias - bias[label]).abs() < 1e-6);
        assert!((made.bias + sum - made.score).abs() < 1e-4 * made.score.abs().max(1.0), "{made:?}");
        for span in &made.spans {
            let parts: f32 = span.parts.iter().map(|part| part.contribution).sum();
            assert!((parts - span.contribution).abs() < 1e-5);
        }
        let ngrams = made.spans.iter().flat_map(|span| &span.parts);
        assert!(ngrams.clone().any(|part| part.is_words) && ngrams.clone().any(|part| !part.is_words));
        assert!(ngrams.clone().any(|part| part.ngram == "停水" && part.contribution > 0.0));
        assert_eq!((made.embedding, explainer.contributions(0, 99, &[])), (None, None));

        let best = words.iter().max_by(|a, b| a.weight.total_cmp(&b.weight)).unwrap();
        let text = if best.in_title { &ticket.title } else { &ticket.text };
        assert!(text.masked()[best.range.clone()].contains('水'));
        assert!(explainer.words(0, 99).is_empty() && explainer.words(9, 0).is_empty());
    }
}
