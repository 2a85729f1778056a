use paidan::catalogue::{self, Change, ChangeKind};
use serde::Serialize;

use crate::Ending;
use crate::args::DiffArgs;
use crate::failure::Failure;
use crate::output::Output;

/// What `--json` prints.
#[derive(Serialize)]
struct DiffObject<'a> {
    schema: u32,
    changes: &'a [Change],
}

pub(crate) fn diff(args: &DiffArgs) -> Result<Ending, Failure> {
    let changes = catalogue::diff(&args.before, &args.after).map_err(paidan::Error::from)?;
    let mut output = Output::stdout();
    if args.json {
        output.json_line(&DiffObject { schema: paidan::SCHEMA, changes: &changes })?;
    } else {
        for change in &changes {
            output.text(&shown(change))?;
        }
        output.text(&format!("共 {} 处不同\n", changes.len()))?;
    }
    output.finish()?;
    Ok(Ending::Done)
}

fn shown(change: &Change) -> String {
    let what = match change.kind {
        ChangeKind::Added => "新增",
        ChangeKind::Removed => "删除",
        ChangeKind::Changed => "修改",
    };
    let mut text = format!("{what}  {} {}\n", change.file, change.id);
    for field in &change.fields {
        let value = |value: &Option<String>| value.clone().unwrap_or_else(|| "–".to_owned());
        text += &match change.kind {
            ChangeKind::Added => format!("    {}: {}\n", field.field, value(&field.after)),
            ChangeKind::Removed => format!("    {}: {}\n", field.field, value(&field.before)),
            ChangeKind::Changed => {
                format!("    {}: {} → {}\n", field.field, value(&field.before), value(&field.after))
            }
        };
    }
    text
}
