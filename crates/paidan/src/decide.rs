//! The last stage: from predictions to an outcome, where there is no catalogue.

use crate::decision::{Outcome, Reason};
use crate::prediction::Prediction;

/// The task whose label says who handles a ticket.
const DEPARTMENT: &str = "department";

/// Assigns where the department is certain enough, else hands over to a person.
pub(crate) fn decide(predictions: &[Prediction]) -> (Outcome, Vec<Reason>) {
    let review = |code, message: String| (Outcome::Review, vec![Reason { code, message }]);
    let Some(department) = predictions.iter().find(|prediction| prediction.task == DEPARTMENT) else {
        return review("no_department_task", "模型没有 department 任务，由人工派单".to_owned());
    };
    let stated = format!("“{}”概率 {:.3}", department.shown(), department.probability);
    match department.accepted {
        Some(true) => {
            let message = format!("{stated}，达到模型的自动派单阈值");
            (Outcome::Assign, vec![Reason { code: "above_threshold", message }])
        }
        Some(false) if department.threshold.is_none() => {
            let message = format!("{stated}；这一类未能证明达到承诺的准确率，由人工复核");
            review("label_not_certified", message)
        }
        Some(false) => review("below_threshold", format!("{stated}，低于模型的自动派单阈值，由人工复核")),
        None => review("no_threshold", format!("{stated}；模型未设自动派单阈值，由人工复核")),
    }
}
