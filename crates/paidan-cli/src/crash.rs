//! A defect of ours must not print what a citizen wrote.

use std::panic::PanicHookInfo;

/// Says where the program failed and nothing of what it was reading: the standard library's message for a
/// text cut at the wrong place holds the text.
pub(crate) fn report_place_only() {
    std::panic::set_hook(Box::new(|info| {
        if !is_of_a_broken_file(info) {
            eprintln!("{}", message(info));
        }
    }));
}

/// The `parquet` crate asserts in places what a broken file does not keep; paidan-data catches that and tells
/// the row.
fn is_of_a_broken_file(info: &PanicHookInfo<'_>) -> bool {
    info.location().is_some_and(|at| at.file().contains("/parquet-"))
}

fn message(info: &PanicHookInfo<'_>) -> String {
    let place = info.location().map_or_else(String::new, |at| format!(" at {}:{}", at.file(), at.line()));
    format!("paidan: panicked{place}: this is a defect of paidan; please report it with this line")
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex};

    use super::*;

    #[test]
    fn the_place_is_told_and_the_text_is_not() {
        let told = Arc::new(Mutex::new(String::new()));
        let heard = Arc::clone(&told);
        let before = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |info| *heard.lock().unwrap() = message(info)));
        let cut = std::panic::catch_unwind(|| "欧阳翠岚的电话"[..1].len());
        std::panic::set_hook(before);
        assert!(cut.is_err());
        let told = told.lock().unwrap();
        assert!(told.contains("crash.rs:") && !told.contains("翠岚"), "{told}");
    }
}
