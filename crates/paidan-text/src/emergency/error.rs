use std::fmt;

/// A table of emergencies that cannot be used.
#[derive(Debug)]
pub struct EmergencyRulesError {
    problem: String,
    source: Option<Box<toml::de::Error>>,
}

impl EmergencyRulesError {
    pub(super) fn new(problem: impl Into<String>) -> Self {
        Self { problem: problem.into(), source: None }
    }
}

impl From<toml::de::Error> for EmergencyRulesError {
    fn from(source: toml::de::Error) -> Self {
        Self { problem: "the file is no valid table".to_owned(), source: Some(Box::new(source)) }
    }
}

impl fmt::Display for EmergencyRulesError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "emergency rules: {}", self.problem)
    }
}

impl std::error::Error for EmergencyRulesError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.source.as_ref().map(|source| source as _)
    }
}
