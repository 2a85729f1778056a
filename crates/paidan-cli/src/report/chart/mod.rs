//! Charts as inline SVG: text stays text, and colours are those of the page.

mod coverage;
mod reliability;
mod trend;

pub(super) use coverage::{Mark, coverage};
pub(super) use reliability::reliability;
pub(super) use trend::{Step, trend};

use maud::{Markup, html};

/// The plane that values are drawn on, in the units of the view box.
#[derive(Clone, Copy, Debug)]
struct Plane {
    left: f64,
    top: f64,
    width: f64,
    height: f64,
    /// The value at the upper edge; the lower edge is `floor`.
    most: f64,
    floor: f64,
}

impl Plane {
    /// Where the share `value`, 0 to 1, lies from left to right.
    fn x(self, value: f64) -> f64 {
        self.left + value.clamp(0.0, 1.0) * self.width
    }

    /// Where `value` lies from bottom to top; what is beyond an edge lies on it.
    fn y(self, value: f64) -> f64 {
        let share = (value - self.floor) / (self.most - self.floor);
        self.top + (1.0 - share.clamp(0.0, 1.0)) * self.height
    }

    fn right(self) -> f64 {
        self.left + self.width
    }

    fn bottom(self) -> f64 {
        self.top + self.height
    }

    /// Horizontal lines with their values in percent.
    fn levels(self, ticks: &[f64]) -> Markup {
        html! {
            @for tick in ticks {
                line class="grid" x1=(n(self.left)) x2=(n(self.right())) y1=(n(self.y(*tick))) y2=(n(self.y(*tick))) {}
                text x=(n(self.left - 8.0)) y=(n(self.y(*tick) + 4.0)) text-anchor="end" { (percent(*tick)) }
            }
        }
    }

    /// Shares from 0 to 100 % below the plane, at `y`.
    fn shares(self, y: f64) -> Markup {
        html! {
            @for tick in [0.0, 0.2, 0.4, 0.6, 0.8, 1.0] {
                text x=(n(self.x(tick))) y=(n(y)) text-anchor=(if tick == 1.0 { "end" } else { "middle" }) { (percent(tick)) }
            }
        }
    }
}

/// The points joined by straight lines.
fn path(points: impl Iterator<Item = (f64, f64)>) -> String {
    let mut path = String::new();
    for (index, (x, y)) in points.enumerate() {
        path += &format!("{}{x:.1} {y:.1}", if index == 0 { "M" } else { "L" });
    }
    path
}

/// A coordinate.
fn n(value: f64) -> String {
    format!("{value:.1}")
}

fn percent(share: f64) -> String {
    let percent = share * 100.0;
    if (percent - percent.round()).abs() < 1e-6 { format!("{percent:.0}%") } else { format!("{percent:.1}%") }
}

/// Round values from `floor` to `most`, about `count` of them.
fn ticks(floor: f64, most: f64, count: usize) -> Vec<f64> {
    const STEPS: [f64; 8] = [0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.25, 0.5];
    let wanted = (most - floor) / count as f64;
    let step = STEPS.into_iter().find(|step| *step >= wanted - 1e-9).unwrap_or(1.0);
    let first = (floor / step - 1e-9).ceil() as usize;
    (first..).map(|k| k as f64 * step).take_while(|tick| *tick <= most + 1e-9).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ticks_are_round() {
        assert_eq!(ticks(0.0, 1.0, 5), [0.0, 0.2, 0.4, 0.6000000000000001, 0.8, 1.0]);
        assert_eq!(ticks(0.0, 0.1, 5).len(), 6);
        assert_eq!(ticks(0.75, 1.0, 4).first(), Some(&0.8));
    }

    #[test]
    fn what_is_beyond_lies_on_the_edge() {
        let plane = Plane { left: 10.0, top: 5.0, width: 100.0, height: 50.0, most: 0.2, floor: 0.0 };
        assert_eq!((plane.x(0.5), plane.y(0.1), plane.y(7.0), plane.y(-1.0)), (60.0, 30.0, 5.0, 55.0));
        assert_eq!(path([(0.0, 1.0), (2.0, 3.5)].into_iter()), "M0.0 1.0L2.0 3.5");
    }
}
