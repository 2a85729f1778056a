//! The public interface of crate `paidan`, as an embedder uses it.
