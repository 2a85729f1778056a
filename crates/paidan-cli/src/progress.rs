use std::cell::Cell;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use paidan::{Observer, Progress, TicketReader};

use crate::output::say;

/// Whether Ctrl-C was pressed since [`watch_interrupt`].
static INTERRUPTED: AtomicBool = AtomicBool::new(false);

/// From now on Ctrl-C asks long calls to stop instead of killing the process.
pub(crate) fn watch_interrupt() {
    // Where no handler can be set Ctrl-C kills, which leaves no half bundle either.
    let _ = ctrlc::set_handler(|| {
        if INTERRUPTED.swap(true, Ordering::SeqCst) {
            std::process::exit(130);
        }
    });
}

/// Whether to go on.
pub(crate) fn interrupted() -> bool {
    INTERRUPTED.load(Ordering::Relaxed)
}

/// Bytes of the input read so far, on a terminal; also says what is worth telling of the files.
pub(crate) struct ReadingBar {
    bar: ProgressBar,
    /// How many notes of the reader were said.
    said: Cell<usize>,
}

impl ReadingBar {
    pub(crate) fn new(reader: &TicketReader) -> Self {
        let template = match reader.total_bytes() {
            Some(_) => "{msg} {bar:30} {percent:>3}%  剩余 {eta}",
            None => "{msg} {spinner} {bytes}",
        };
        let reading = Self { bar: bar(reader.total_bytes(), template, "读取"), said: Cell::new(0) };
        reading.update(reader);
        reading
    }

    pub(crate) fn update(&self, reader: &TicketReader) {
        self.bar.set_position(reader.bytes_read());
        self.say_notes(reader);
    }

    fn say_notes(&self, reader: &TicketReader) {
        for note in reader.notes().iter().skip(self.said.get()) {
            self.bar.suspend(|| say(format_args!("note: {note}")));
        }
        self.said.set(reader.notes().len());
    }

    pub(crate) fn finish(&self, reader: &TicketReader) {
        self.bar.finish_and_clear();
        self.say_notes(reader);
    }
}

/// The stages of training, on a terminal.
pub(crate) struct StageBar {
    bar: ProgressBar,
}

impl StageBar {
    pub(crate) fn new() -> Self {
        Self { bar: bar(Some(1), "{msg} {bar:30} {percent:>3}%  剩余 {eta}", "") }
    }

    pub(crate) fn finish(&self) {
        self.bar.finish_and_clear();
    }
}

impl Observer for StageBar {
    fn on_progress(&self, progress: Progress) -> bool {
        let name = match progress.stage {
            "count" => "统计词频",
            "vectorize" => "提取特征",
            "cross-validate" => "交叉验证",
            "fit" => "训练模型",
            other => other,
        };
        if self.bar.message() != name {
            self.bar.reset();
            self.bar.set_message(name.to_owned());
        }
        self.bar.set_length(progress.total.unwrap_or(1) as u64);
        self.bar.set_position(progress.done as u64);
        !interrupted()
    }
}

/// A bar on standard error, invisible where that is no terminal.
fn bar(length: Option<u64>, template: &str, message: &'static str) -> ProgressBar {
    let bar = ProgressBar::with_draw_target(length, ProgressDrawTarget::stderr());
    if let Ok(style) = ProgressStyle::with_template(template) {
        bar.set_style(style);
    }
    bar.set_message(message);
    bar.enable_steady_tick(Duration::from_millis(200));
    bar
}
