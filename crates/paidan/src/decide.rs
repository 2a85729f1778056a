//! The last stage: from predictions to an outcome, where there is no catalogue.

use paidan_catalogue::Outcome;
use paidan_text::EmergencyLevel;

use crate::decision::Reason;
use crate::emergency::Alarm;
use crate::prediction::Prediction;

/// The task whose label says who handles a ticket.
const DEPARTMENT: &str = "department";

/// Escalates an emergency; assigns where the department is certain enough, else hands over to a person.
pub(crate) fn decide(
    predictions: &[Prediction],
    urgency: Option<EmergencyLevel>,
    alarms: &[Alarm],
) -> (Outcome, Vec<Reason>) {
    let (outcome, reasons) = decide_department(predictions);
    if urgency != Some(EmergencyLevel::Emergency) {
        return (outcome, reasons);
    }
    let mut all = emergency(alarms);
    all.extend(reasons);
    (Outcome::Escalate, all)
}

/// Why a ticket is an emergency: each kind that words speak of once, else the model.
fn emergency(alarms: &[Alarm]) -> Vec<Reason> {
    let stands = |alarm: &&Alarm| alarm.suppressed.is_none() && alarm.level == EmergencyLevel::Emergency;
    let standing: Vec<&Alarm> = alarms.iter().filter(stands).collect();
    let reason = |message| Reason { code: "emergency", message };
    if standing.is_empty() {
        return vec![reason("模型判为特急，请立即核实".to_owned())];
    }
    let is_first = |(place, alarm): &(usize, &&Alarm)| {
        standing.iter().position(|other| other.kind == alarm.kind) == Some(*place)
    };
    let message = |alarm: &Alarm| {
        let numbers = match alarm.call.is_empty() {
            true => "请立即处置".to_owned(),
            false => format!("请立即拨打 {}", alarm.call.join("、")),
        };
        reason(format!("“{}”提示{}，{numbers}", alarm.words, alarm.name))
    };
    standing.iter().enumerate().filter(is_first).map(|(_, alarm)| message(alarm)).collect()
}

fn decide_department(predictions: &[Prediction]) -> (Outcome, Vec<Reason>) {
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
