//! What became of the promises in a bundle on the tickets at hand.

use paidan::{AcceptedFigures, CandidateFigures, Drift, DriftLevel, DriftMonitor, TaskReport};

use crate::output::say;

/// A sentence on each promise made for the task of `report`.
pub(super) fn promises(report: &TaskReport) -> impl Iterator<Item = String> {
    let lines = [
        report.accepted.as_ref().map(accepted),
        report.candidates.as_ref().map(candidates),
        report.drift.as_ref().map(drift),
    ];
    lines.into_iter().flatten()
}

/// Says on standard error where the tickets are so different that a promise no longer tells much.
pub(super) fn warn_of_drift(monitor: &DriftMonitor) {
    for (task, drift) in monitor.drifts().filter(|(_, drift)| drift.level == DriftLevel::Major) {
        say(format_args!(
            "task `{task}`: expected tickets like those on which the thresholds were found, these {} differ \
             (population stability index of the probabilities {:.2}, of the labels {:.2}; from 0.25 on a \
             promise says little): measure them with evaluate, or run find-thresholds on newer tickets",
            drift.rows, drift.probability.psi, drift.labels.psi
        ));
    }
}

fn accepted(figures: &AcceptedFigures) -> String {
    let share = percent(figures.coverage);
    if figures.rows == 0 {
        return "没有一条达到自动处理的阈值".to_owned();
    }
    let promised =
        figures.promised.map_or(String::new(), |promised| format!("（承诺 {}）", percent(promised)));
    format!("自动处理 {share}，其中正确 {}{promised}{}", percent(figures.precision), verdict(figures.broken))
}

fn candidates(figures: &CandidateFigures) -> String {
    if figures.rows == 0 {
        return "没有一条交人工".to_owned();
    }
    format!(
        "交人工的候选清单平均 {:.1} 个，{} 含正确答案（承诺 {}）{}",
        figures.mean_size,
        percent(figures.coverage),
        percent(figures.promised),
        verdict(figures.broken)
    )
}

fn verdict(broken: bool) -> &'static str {
    if broken { "，低于承诺且不像偶然：请用新的工单重新 find-thresholds" } else { "" }
}

fn drift(drift: &Drift) -> String {
    let meaning = match drift.level {
        DriftLevel::Stable => "没有看出变化",
        DriftLevel::Moderate => "有些变化（PSI 超过 0.1），留意准确率",
        DriftLevel::Major => "已明显不同（PSI 超过 0.25），承诺靠不住：请用新的工单重新 find-thresholds",
    };
    let (probability, labels) = (drift.probability.psi, drift.labels.psi);
    format!("与定阈值时的工单相比{meaning}；PSI 概率 {probability:.2}，类别 {labels:.2}")
}

fn percent(share: f64) -> String {
    format!("{:.1}%", share * 100.0)
}
