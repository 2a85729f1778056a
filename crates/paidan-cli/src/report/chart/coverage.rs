use maud::{Markup, html};
use paidan::CoveragePoint;

use super::{Plane, n, percent, ticks};

/// A threshold in force: what it gives on these rows.
#[derive(Clone, Copy, Debug)]
pub(in crate::report) struct Mark {
    /// Share of rows accepted.
    pub(in crate::report) coverage: f64,
    /// Share of the accepted answers that is wrong.
    pub(in crate::report) risk: f64,
}

/// Share of wrong answers among those accepted, against the share accepted; `admissible` is the promised bound.
pub(in crate::report) fn coverage(
    points: &[CoveragePoint],
    mark: Option<Mark>,
    admissible: f64,
    id: &str,
) -> Markup {
    let risks = points.iter().map(|point| 1.0 - point.precision);
    let largest = risks.chain(mark.map(|mark| mark.risk)).fold(admissible * 1.5, f64::max);
    let most = [0.1, 0.15, 0.2, 0.25, 0.3, 0.4, 0.5, 0.6, 0.8]
        .into_iter()
        .find(|most| *most >= largest)
        .unwrap_or(1.0);
    let plane = Plane { left: 48.0, top: 12.0, width: 358.0, height: 310.0, most, floor: 0.0 };
    let at = |point: &CoveragePoint, risk: f64| (plane.x(point.coverage), plane.y(risk));
    let upper = points.iter().map(|point| at(point, 1.0 - point.interval.low));
    let lower = points.iter().rev().map(|point| at(point, 1.0 - point.interval.high));
    let limit = n(plane.y(admissible));
    html! {
        svg viewBox="0 0 420 372" role="img" aria-labelledby=(id) {
            title id=(id) { "风险与覆盖率：横轴是自动处理的比例，纵轴是其中错误的比例" }
            (plane.levels(&ticks(0.0, most, 5)))
            @if !points.is_empty() {
                path class="band" d={ (super::path(upper.chain(lower))) "Z" } {}
                path class="line" d=(super::path(points.iter().map(|point| at(point, 1.0 - point.precision)))) {}
            }
            line class="limit" x1=(n(plane.left)) x2=(n(plane.right())) y1=(limit) y2=(limit) {}
            // Where the curve is not: below the bound at the right end, or above it where all answers keep to it.
            @let is_crossed = points.last().is_some_and(|last| 1.0 - last.precision > admissible);
            text class="limit" x=(n(plane.right() - 4.0)) text-anchor="end"
                y=(n(plane.y(admissible) + if is_crossed { 16.0 } else { -6.0 })) { "错误不超过 " (percent(admissible)) }
            @if let Some(mark) = mark {
                @let (x, y) = (plane.x(mark.coverage), plane.y(mark.risk));
                line class="mark" x1=(n(x)) x2=(n(x)) y1=(n(plane.top)) y2=(n(plane.bottom())) {}
                circle class="marked" cx=(n(x)) cy=(n(y)) r="6" {}
                @let is_right = mark.coverage > 0.5;
                text class="mark" x=(n(if is_right { x - 8.0 } else { x + 8.0 })) y=(n(plane.top + 14.0))
                    text-anchor=(if is_right { "end" } else { "start" }) {
                    "现行阈值：自动处理 " (percent((mark.coverage * 1000.0).round() / 1000.0))
                }
            }
            line class="axis" x1=(n(plane.left)) x2=(n(plane.right())) y1=(n(plane.bottom())) y2=(n(plane.bottom())) {}
            (plane.shares(plane.bottom() + 18.0))
            text x=(n(plane.left + plane.width / 2.0)) y="366" text-anchor="middle" { "自动处理的比例（覆盖率）" }
        }
    }
}
