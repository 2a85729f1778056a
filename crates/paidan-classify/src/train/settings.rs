use crate::Error;
use crate::features::{FeatureSettings, MAX_FEATURES, VocabularyPolicy};

/// How a model is trained.
///
/// The defaults suit a city's own history of some thousand to some hundred thousand tickets. What most
/// often needs changing is [`vocabulary`](Self::vocabulary), for a model that leaves the house.
#[derive(Clone, Debug)]
pub struct TrainSettings {
    /// Decides the order in which rows are visited and the folds; the same seed gives the same model.
    pub seed: u64,
    /// Which n-grams are counted, and how.
    pub features: FeatureSettings,
    /// Which n-grams the model keeps.
    pub vocabulary: VocabularyPolicy,
    /// Folds of the cross-validation that calibrates and measures the model; 0 or 2 to 20. With 0 the
    /// model is neither calibrated nor measured.
    pub folds: usize,
    /// Settings of single tasks, by name; other tasks have the defaults.
    pub tasks: Vec<(String, TaskSettings)>,
}

/// How one task is trained.
#[derive(Clone, Debug)]
pub struct TaskSettings {
    /// Cost of an error against the size of the weights; above 0.
    pub cost: f32,
    /// 0 counts every row alike, 1 every class alike; between them rare classes count more. 0 to 2.
    pub class_balance: f32,
    /// How much features count by what naive Bayes would make of them: 0 all alike, 1 in proportion to the
    /// logarithm of their ratio. 0 to 2.
    pub relevance: f32,
    /// Share of the class centroids in the weights, which helps the ranking of many classes. 0 to 10.
    pub centroid: f32,
    /// Norm of the embedding where that of the lexical features is 1, 0 to 10; `None` chooses one that helps, or 0,
    /// on a part of the rows. Without an encoder it does nothing.
    pub embedding_weight: Option<f32>,
    /// Chinese names of labels that are codes, as (label, name).
    pub names: Vec<(String, String)>,
}

impl Default for TrainSettings {
    fn default() -> Self {
        Self {
            seed: 0,
            features: FeatureSettings::default(),
            vocabulary: VocabularyPolicy::default(),
            folds: 5,
            tasks: Vec::new(),
        }
    }
}

impl Default for TaskSettings {
    fn default() -> Self {
        Self {
            cost: 0.7,
            class_balance: 0.25,
            relevance: 1.0,
            centroid: 1.0,
            embedding_weight: None,
            names: Vec::new(),
        }
    }
}

impl TrainSettings {
    /// The settings of `task`.
    pub(crate) fn task(&self, task: &str) -> TaskSettings {
        let own = self.tasks.iter().find(|(name, _)| name == task);
        own.map(|(_, settings)| settings.clone()).unwrap_or_default()
    }

    pub(crate) fn check(&self, tasks: &[String]) -> Result<(), Error> {
        if let Some(problem) = self.features.problem() {
            return Err(Error::setting(format!("expected {problem}")));
        }
        if self.folds == 1 || self.folds > 20 {
            return Err(Error::setting(format!("expected 0 or 2 to 20 folds, got {}", self.folds)));
        }
        if self.vocabulary.max_features == 0 || self.vocabulary.max_features > MAX_FEATURES {
            let got = self.vocabulary.max_features;
            return Err(Error::setting(format!("expected 1 to {MAX_FEATURES} features at most, got {got}")));
        }
        for (name, settings) in &self.tasks {
            if !tasks.contains(name) {
                let known = tasks.join("`, `");
                return Err(Error::setting(format!(
                    "task `{name}` has settings but no labels; tasks: `{known}`"
                )));
            }
            if !(settings.cost > 0.0 && settings.cost.is_finite()) {
                return Err(Error::setting(format!(
                    "expected a cost above 0 for `{name}`, got {}",
                    settings.cost
                )));
            }
            for (what, got, most) in [
                ("class balance", settings.class_balance, 2.0),
                ("relevance", settings.relevance, 2.0),
                ("share of centroids", settings.centroid, 10.0),
                ("weight of the embedding", settings.embedding_weight.unwrap_or_default(), 10.0),
            ] {
                if !(0.0..=most).contains(&got) {
                    let expected = format!("expected a {what} of 0 to {most} for `{name}`, got {got}");
                    return Err(Error::setting(expected));
                }
            }
        }
        Ok(())
    }
}
