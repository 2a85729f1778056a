use maud::{Markup, html};
use paidan::Interval;

use super::{Plane, n, ticks};

/// One point of a trend.
pub(in crate::report) struct Step<'a> {
    pub(in crate::report) label: &'a str,
    pub(in crate::report) share: f64,
    pub(in crate::report) interval: Interval,
}

/// Shares one after the other, with what each may be.
pub(in crate::report) fn trend(steps: &[Step<'_>], title: &str, id: &str) -> Markup {
    let least = steps.iter().map(|step| step.interval.low).fold(1.0, f64::min);
    let floor = ((least - 0.02) * 10.0).floor().clamp(0.0, 9.0) / 10.0;
    let width = (steps.len() as f64 * 64.0).max(540.0);
    let plane = Plane { left: 48.0, top: 14.0, width, height: 190.0, most: 1.0, floor };
    let x = |index: usize| plane.x((index as f64 + 0.5) / steps.len() as f64);
    let points = steps.iter().enumerate().map(|(index, step)| (x(index), plane.y(step.share)));
    html! {
        svg viewBox={ "0 0 " (n(width + 62.0)) " 246" } style={ "width:" (n(width + 62.0)) "px" }
            role="img" aria-labelledby=(id) {
            title id=(id) { (title) }
            (plane.levels(&ticks(floor, 1.0, 5)))
            path class="line" d=(super::path(points)) {}
            @for (index, step) in steps.iter().enumerate() {
                @let at = n(x(index));
                line class="whisker" x1=(at) x2=(at) y1=(n(plane.y(step.interval.low))) y2=(n(plane.y(step.interval.high))) {}
                circle class="dot" cx=(at) cy=(n(plane.y(step.share))) r="4.5" {}
                text x=(at) y=(n(plane.bottom() + 22.0)) text-anchor="middle" { (step.label) }
            }
            line class="axis" x1=(n(plane.left)) x2=(n(plane.right())) y1=(n(plane.bottom())) y2=(n(plane.bottom())) {}
        }
    }
}
