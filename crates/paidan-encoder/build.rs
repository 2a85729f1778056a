//! Sets `cfg(rustc_1_89)` where the compiler knows the AVX-512 intrinsics, stable since Rust 1.89.

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    autocfg::emit_possibility("rustc_1_89");
    if autocfg::new().probe_rustc_version(1, 89) {
        autocfg::emit("rustc_1_89");
    }
}
