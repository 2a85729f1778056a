//! The inner loop of scoring: add a multiple of a row of 8-bit weights to a row of sums.

/// Sums are made in groups of this many, so that the compiler can keep a group in registers.
pub(super) const GROUP: usize = 8;

/// For each group `g`: `sums[g] += factors[g] * weights[g]`, in single precision without fused operations,
/// so that every machine gets the same bits.
///
/// `weights` and `sums` hold [`GROUP`] numbers for each of `factors`; what is beyond is left alone.
#[inline(always)]
fn accumulate_portable(sums: &mut [f32], weights: &[i8], factors: impl Iterator<Item = f32>) {
    let groups = sums.as_chunks_mut::<GROUP>().0.iter_mut().zip(weights.as_chunks::<GROUP>().0);
    for ((sums, weights), factor) in groups.zip(factors) {
        for (sum, weight) in sums.iter_mut().zip(weights) {
            *sum += factor * f32::from(*weight);
        }
    }
}

/// The rows of `indices` added to `sums`: `stride` weights a row, the factors of whose groups `factors`
/// appends for each (index, value).
#[derive(Clone, Copy)]
pub(super) struct Rows<'a> {
    pub(super) weights: &'a [i8],
    pub(super) stride: usize,
    /// Scales of each row, one a task.
    pub(super) scales: &'a [f32],
    pub(super) tasks: usize,
    /// The task of each group.
    pub(super) task_of_group: &'a [usize],
}

impl Rows<'_> {
    /// Adds `value` times row `index` to `sums`, for all pairs.
    pub(super) fn add(self, indices: &[u32], values: &[f32], sums: &mut [f32]) {
        #[cfg(target_arch = "x86_64")]
        if std::arch::is_x86_feature_detected!("avx2") {
            #[expect(unsafe_code, reason = "the processor has AVX2, as was just asked")]
            // SAFETY: the function needs nothing but AVX2; it is safe code compiled for it.
            return unsafe { self.add_avx2(indices, values, sums) };
        }
        self.add_portable(indices, values, sums);
    }

    /// The same code, which the compiler turns into AVX2 instructions; the result is the same to the bit.
    #[cfg(target_arch = "x86_64")]
    #[target_feature(enable = "avx2")]
    fn add_avx2(self, indices: &[u32], values: &[f32], sums: &mut [f32]) {
        self.add_portable(indices, values, sums);
    }

    #[inline(always)]
    fn add_portable(self, indices: &[u32], values: &[f32], sums: &mut [f32]) {
        for (&index, &value) in indices.iter().zip(values) {
            let index = index as usize;
            let weights = self.weights.get(index * self.stride..(index + 1) * self.stride);
            let scales = self.scales.get(index * self.tasks..(index + 1) * self.tasks);
            let (Some(weights), Some(scales)) = (weights, scales) else { continue };
            let factors = self.task_of_group.iter().map(|&task| value * scales[task]);
            accumulate_portable(sums, weights, factors);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_ways_give_the_same_bits() {
        let weights: Vec<i8> = (0..40 * 24).map(|i| (i * 37 % 255 - 127) as i8).collect();
        let scales: Vec<f32> = (0..40 * 2).map(|i| 0.001 + i as f32 * 0.0137).collect();
        let rows =
            Rows { weights: &weights, stride: 24, scales: &scales, tasks: 2, task_of_group: &[0, 0, 1] };
        let indices: Vec<u32> = (0..200).map(|i| i * 7 % 40).collect();
        let values: Vec<f32> = (0..200).map(|i| 0.3 + i as f32 * 0.011).collect();
        let (mut chosen, mut portable) = (vec![0.5f32; 24], vec![0.5f32; 24]);
        rows.add(&indices, &values, &mut chosen);
        rows.add_portable(&indices, &values, &mut portable);
        assert_eq!(chosen, portable);
        assert!(portable.iter().all(|sum| *sum != 0.5));
        // An index beyond the rows adds nothing.
        rows.add(&[99], &[1.0], &mut chosen);
        assert_eq!(chosen, portable);
    }
}
