//! The most multiply–adds that registers of 128 bits can do: a multiplication and an addition in each lane, fused where the processor
//! fuses, in chains that do not wait for each other.

use std::hint::black_box;

/// Chains of one loop: more than latency times issue rate of the processors at hand, fewer than there are registers.
const CHAINS: usize = 12;

/// Operations of one call with so many rounds.
pub fn f64_operations(rounds: usize) -> f64 {
    (rounds * CHAINS * 2 * 2) as f64
}

pub fn f32_operations(rounds: usize) -> f64 {
    (rounds * CHAINS * 4 * 2) as f64
}

pub fn f64_rounds(rounds: usize) {
    #[cfg(target_arch = "x86_64")]
    if std::arch::is_x86_feature_detected!("fma") {
        // SAFETY: the processor has what the function is compiled for.
        return unsafe { x64::f64_rounds(rounds) };
    }
    let (factor, addend) = black_box((0.999f64, 0.001f64));
    let mut chains = [[1.0f64; 2]; CHAINS];
    for _ in 0..rounds {
        for lane in chains.as_flattened_mut() {
            *lane = if FUSES { lane.mul_add(factor, addend) } else { *lane * factor + addend };
        }
    }
    black_box(chains);
}

pub fn f32_rounds(rounds: usize) {
    #[cfg(target_arch = "x86_64")]
    if std::arch::is_x86_feature_detected!("fma") {
        // SAFETY: as above.
        return unsafe { x64::f32_rounds(rounds) };
    }
    let (factor, addend) = black_box((0.999f32, 0.001f32));
    let mut chains = [[1.0f32; 4]; CHAINS];
    for _ in 0..rounds {
        for lane in chains.as_flattened_mut() {
            *lane = if FUSES { lane.mul_add(factor, addend) } else { *lane * factor + addend };
        }
    }
    black_box(chains);
}

/// Whether every processor of this architecture fuses. The compiler is trusted to put pairs and fours into registers.
const FUSES: bool = cfg!(target_arch = "aarch64");

#[cfg(target_arch = "x86_64")]
mod x64 {
    use super::CHAINS;
    use std::arch::x86_64::*;
    use std::hint::black_box;

    #[target_feature(enable = "fma")]
    pub fn f64_rounds(rounds: usize) {
        let (factor, addend) = black_box((_mm_set1_pd(0.999), _mm_set1_pd(0.001)));
        let mut chains = [_mm_set1_pd(1.0); CHAINS];
        for _ in 0..rounds {
            for chain in &mut chains {
                *chain = _mm_fmadd_pd(*chain, factor, addend);
            }
        }
        black_box(chains);
    }

    #[target_feature(enable = "fma")]
    pub fn f32_rounds(rounds: usize) {
        let (factor, addend) = black_box((_mm_set1_ps(0.999), _mm_set1_ps(0.001)));
        let mut chains = [_mm_set1_ps(1.0); CHAINS];
        for _ in 0..rounds {
            for chain in &mut chains {
                *chain = _mm_fmadd_ps(*chain, factor, addend);
            }
        }
        black_box(chains);
    }
}
