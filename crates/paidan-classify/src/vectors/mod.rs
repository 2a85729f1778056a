//! Vectors of words: words that stand near the same words get like vectors, so that a head which knows one of them
//! knows something of the others.
//!
//! Learnt from the training tickets and from tickets without labels, in three steps:
//!
//! | file | what |
//! | --- | --- |
//! | `cooccurrence.rs` | how often two words stand near each other |
//! | `eigen.rs` | the greatest eigenvectors of what that tells beyond chance (positive pointwise mutual information) |
//! | `word_vectors.rs` | the vectors of words, and their sum over a ticket |
//!
//! This is nearly what skip-gram with negative sampling learns (Levy, Goldberg, "Neural Word Embedding as Implicit
//! Matrix Factorization", NIPS 2014; Levy, Goldberg, Dagan, TACL 2015), in a hundredth of the time and the same on
//! any number of threads. A head is linear in the sum, and the sum in the words, so that after training the vectors
//! are folded into the weights of the words: a bundle holds no vector, and answering costs nothing more.

mod cooccurrence;
mod eigen;
mod word_vectors;

pub(crate) use word_vectors::WordVectors;
