#![no_main]

use std::panic::{set_hook, take_hook};

// The reader catches panics of the Parquet library; libFuzzer's hook would abort before it can. One that is
// not caught still ends the run.
libfuzzer_sys::fuzz_target!(
    init: {
        drop(take_hook());
        set_hook(Box::new(|panic| {
            if panic.location().is_none_or(|place| !place.file().contains("/parquet-")) {
                eprintln!("{panic}");
            }
        }));
    },
    |bytes: &[u8]| paidan_fuzz::read_file(bytes, "parquet")
);
