use std::time::{SystemTime, UNIX_EPOCH};

use paidan::catalogue::{Catalogue, Finding, Severity};
use serde::Serialize;

use crate::Ending;
use crate::args::LintArgs;
use crate::failure::Failure;
use crate::output::Output;

/// What `--json` prints.
#[derive(Serialize)]
struct LintObject<'a> {
    schema: u32,
    errors: usize,
    warnings: usize,
    findings: &'a [Finding],
}

pub(crate) fn lint(args: &LintArgs) -> Result<Ending, Failure> {
    let day = match &args.at {
        Some(day) if paidan::catalogue::is_time(day) => day.clone(),
        Some(_) => return Err(Failure::usage("expected a date such as `2026-03-02` for --at")),
        None => today(),
    };
    let findings = Catalogue::lint(&args.catalogue, Some(&day));
    let of = |severity| findings.iter().filter(|finding| finding.severity == severity).count();
    let (errors, warnings) = (of(Severity::Error), of(Severity::Warning));
    let mut output = Output::stdout();
    if args.json {
        output.json_line(&LintObject { schema: paidan::SCHEMA, errors, warnings, findings: &findings })?;
    } else {
        for finding in &findings {
            let severity = if finding.severity == Severity::Error { "error" } else { "warning" };
            let line = finding.line.map(|line| format!(":{line}")).unwrap_or_default();
            output.text(&format!(
                "{}{line}: {severity}[{}]: {}\n",
                finding.file, finding.code, finding.message
            ))?;
        }
        output.text(&format!("{errors} errors, {warnings} warnings\n"))?;
    }
    output.finish()?;
    match (errors, warnings) {
        (0, 0) => Ok(Ending::Done),
        (0, _) => Ok(Ending::Noticed),
        _ => Err(Failure::usage(format!("the catalogue cannot be used: {errors} errors"))),
    }
}

/// The day in China; lint is about now, unlike all that decides.
fn today() -> String {
    let seconds = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs());
    let days = (seconds + 8 * 3600) / 86_400;
    // Days since 1970 as a date: Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms".
    let shifted = days + 719_468;
    let era = shifted / 146_097;
    let of_era = shifted % 146_097;
    let year_of_era = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_from_march = (5 * of_year + 2) / 153;
    let day = of_year - (153 * month_from_march + 2) / 5 + 1;
    let month = if month_from_march < 10 { month_from_march + 3 } else { month_from_march - 9 };
    let year = year_of_era + era * 400 + u64::from(month <= 2);
    format!("{year}-{month:02}-{day:02}")
}
