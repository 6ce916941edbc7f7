//! One loop in Rust, compiled twice: for vectors of 128 bits, and for all that this processor has. No compiler flags are asked for.
//!
//! ```text
//! widths! { fn triad(a: f64, x: &[f64], z: &[f64], out: &mut [f64]) { … } }
//! triad::narrow(…)    SSE4.2: LLVM vectorises at 128 bits. The stand-in for the column "C128" of a C compiler
//! triad::host(…)      AVX-512, or AVX2, with FMA where the processor has them: what `-C target-cpu=native` would give
//! ```
//!
//! Rust keeps to IEEE as Durum does: neither contracts to FMA nor reorders sums, so loops that sum say in which order.

macro_rules! widths {
    ($($(#[$attribute:meta])* fn $name:ident($($arg:ident: $ty:ty),* $(,)?) $(-> $result:ty)? $body:block)*) => {$(
        $(#[$attribute])*
        #[allow(dead_code)]
        pub mod $name {
            #[allow(unused_imports)]
            use super::*;

            #[inline(always)]
            #[allow(clippy::too_many_arguments)]
            fn body($($arg: $ty),*) $(-> $result)? $body

            #[cfg(target_arch = "x86_64")]
            #[target_feature(enable = "sse4.2,popcnt")]
            fn with_sse($($arg: $ty),*) $(-> $result)? {
                body($($arg),*)
            }

            #[cfg(target_arch = "x86_64")]
            #[target_feature(enable = "avx2,fma,bmi1,bmi2,lzcnt,popcnt")]
            fn with_avx2($($arg: $ty),*) $(-> $result)? {
                body($($arg),*)
            }

            #[cfg(target_arch = "x86_64")]
            #[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx2,fma,bmi1,bmi2,lzcnt,popcnt")]
            fn with_avx512($($arg: $ty),*) $(-> $result)? {
                body($($arg),*)
            }

            #[allow(clippy::too_many_arguments)]
            pub fn narrow($($arg: $ty),*) $(-> $result)? {
                #[cfg(target_arch = "x86_64")]
                if std::arch::is_x86_feature_detected!("sse4.2") {
                    // SAFETY: the processor has what the function is compiled for.
                    return unsafe { with_sse($($arg),*) };
                }
                body($($arg),*)
            }

            #[allow(clippy::too_many_arguments)]
            pub fn host($($arg: $ty),*) $(-> $result)? {
                #[cfg(target_arch = "x86_64")]
                match $crate::widths::level() {
                    // SAFETY: the processor has what the function is compiled for.
                    $crate::widths::Level::Avx512 => return unsafe { with_avx512($($arg),*) },
                    // SAFETY: as above.
                    $crate::widths::Level::Avx2 => return unsafe { with_avx2($($arg),*) },
                    $crate::widths::Level::Base => {}
                }
                body($($arg),*)
            }
        }
    )*};
}

pub(crate) use widths;

#[cfg(target_arch = "x86_64")]
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Level {
    Base,
    Avx2,
    Avx512,
}

/// What this processor has.
#[cfg(target_arch = "x86_64")]
pub fn level() -> Level {
    use std::arch::is_x86_feature_detected as has;
    static LEVEL: std::sync::OnceLock<Level> = std::sync::OnceLock::new();
    *LEVEL.get_or_init(|| {
        let avx2 = has!("avx2") && has!("fma") && has!("bmi1") && has!("bmi2") && has!("lzcnt");
        let avx512 = has!("avx512f") && has!("avx512bw") && has!("avx512dq") && has!("avx512vl");
        match (avx2, avx512) {
            (true, true) => Level::Avx512,
            (true, false) => Level::Avx2,
            (false, _) => Level::Base,
        }
    })
}
