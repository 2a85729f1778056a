use std::ops::{Deref, DerefMut};
use std::sync::{Arc, Mutex, PoisonError};

/// Memory for activations, used again and again: fresh pages from the operating system would cost a tenth of the
/// time of a forward pass.
#[derive(Debug, Clone, Default)]
pub(super) struct Pool(Arc<Mutex<Vec<Vec<f32>>>>);

/// Numbers whose memory goes back to its [`Pool`].
#[derive(Debug)]
pub(super) struct Buffer {
    values: Vec<f32>,
    pool: Pool,
}

impl Pool {
    /// `len` numbers of any value.
    pub(super) fn take(&self, len: usize) -> Buffer {
        let mut free = self.free();
        // The smallest that is large enough, else the largest.
        let fits = |values: &Vec<f32>| (values.capacity() < len, values.capacity().abs_diff(len));
        let best = (0..free.len()).min_by_key(|at| fits(&free[*at]));
        let mut values = best.map(|at| free.swap_remove(at)).unwrap_or_default();
        drop(free);
        if values.capacity() < len {
            // Nothing is worth copying, and growing would take more than is needed.
            values = vec![0.0; len];
        } else {
            values.resize(len, 0.0);
        }
        Buffer { values, pool: self.clone() }
    }

    /// Bytes of memory that nothing is using.
    #[cfg(test)]
    pub(super) fn kept(&self) -> usize {
        self.free().iter().map(|values| values.capacity() * size_of::<f32>()).sum()
    }

    fn free(&self) -> std::sync::MutexGuard<'_, Vec<Vec<f32>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Buffer {
    fn drop(&mut self) {
        self.pool.free().push(std::mem::take(&mut self.values));
    }
}

impl Deref for Buffer {
    type Target = [f32];

    fn deref(&self) -> &[f32] {
        &self.values
    }
}

impl DerefMut for Buffer {
    fn deref_mut(&mut self) -> &mut [f32] {
        &mut self.values
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn memory_is_used_again() {
        let pool = Pool::default();
        let (small, large) = (pool.take(10), pool.take(1_000));
        let (at_small, at_large) = (small.as_ptr(), large.as_ptr());
        drop((small, large));
        let again = pool.take(900);
        assert_eq!((again.len(), again.as_ptr()), (900, at_large));
        let other = pool.take(7);
        assert_eq!((other.len(), other.as_ptr()), (7, at_small));
        drop((again, other));
        assert_eq!(pool.free().len(), 2);
    }
}
