use maud::{Markup, html};
use paidan::ReliabilityBin;

use super::{Plane, n};

/// Stated probability against the share of right answers, with the rows of each bin below.
pub(in crate::report) fn reliability(bins: &[ReliabilityBin], id: &str) -> Markup {
    let plane = Plane { left: 48.0, top: 12.0, width: 358.0, height: 236.0, most: 1.0, floor: 0.0 };
    let most = bins.iter().map(|bin| bin.rows).max().unwrap_or(1) as f64;
    let (base, tall) = (322.0, 44.0);
    let points = || bins.iter().map(|bin| (plane.x(bin.stated), plane.y(bin.right)));
    html! {
        svg viewBox="0 0 420 372" role="img" aria-labelledby=(id) {
            title id=(id) { "可靠性图：横轴是模型给出的概率，纵轴是实际正确的比例" }
            (plane.levels(&[0.0, 0.2, 0.4, 0.6, 0.8, 1.0]))
            line class="ideal" x1=(n(plane.left)) y1=(n(plane.bottom())) x2=(n(plane.right())) y2=(n(plane.top)) {}
            path class="line" d=(super::path(points())) {}
            @for bin in bins {
                @let x = n(plane.x(bin.stated));
                line class="whisker" x1=(x) x2=(x) y1=(n(plane.y(bin.interval.low))) y2=(n(plane.y(bin.interval.high))) {}
                circle class="dot" cx=(x) cy=(n(plane.y(bin.right))) r="4.5" {}
                @let height = (bin.rows as f64 / most * tall).max(1.0);
                rect class="bars" x=(n(plane.x(bin.from) + 1.0)) width=(n((bin.to - bin.from) * plane.width - 2.0))
                    y=(n(base - height)) height=(n(height)) {}
            }
            line class="axis" x1=(n(plane.left)) x2=(n(plane.right())) y1=(n(base)) y2=(n(base)) {}
            text x=(n(plane.left - 8.0)) y=(n(base)) text-anchor="end" { "条数" }
            (plane.shares(base + 18.0))
            text x=(n(plane.left + plane.width / 2.0)) y="366" text-anchor="middle" { "模型给出的概率" }
        }
    }
}
