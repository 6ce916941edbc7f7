//! What a function allows beyond strict IEEE arithmetic, by the names that LLVM and Numba use.

/// Each of the three may be asked for alone. Nothing here ever assumes that there are no NaNs or infinities.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub struct FastMath {
    /// `contract`: a product that is only added to or subtracted from something may be fused with that.
    pub contract: bool,
    /// `reassoc`: a serial loop may add up in the order of a parallel one.
    pub reassociate: bool,
    /// `arcp`: a division by a constant may be a multiplication by its reciprocal.
    pub reciprocal: bool,
}

impl FastMath {
    pub const NONE: FastMath = FastMath { contract: false, reassociate: false, reciprocal: false };
    pub const ALL: FastMath = FastMath { contract: true, reassociate: true, reciprocal: true };

    /// Every flag that Numba accepts: those that mean nothing here allow what is never done.
    pub const FLAGS: [&str; 8] = ["fast", "contract", "reassoc", "arcp", "nnan", "ninf", "nsz", "afn"];

    /// With what a flag of [`FastMath::FLAGS`] allows; None for any other word.
    pub fn with(self, flag: &str) -> Option<FastMath> {
        match flag {
            "fast" => Some(FastMath::ALL),
            "contract" => Some(FastMath { contract: true, ..self }),
            "reassoc" => Some(FastMath { reassociate: true, ..self }),
            "arcp" => Some(FastMath { reciprocal: true, ..self }),
            _ => FastMath::FLAGS.contains(&flag).then_some(self),
        }
    }

    /// The flags that are on, as they are written.
    pub fn flags(self) -> Vec<&'static str> {
        let flags = [(self.contract, "contract"), (self.reassociate, "reassoc"), (self.reciprocal, "arcp")];
        flags.into_iter().filter(|(on, _)| *on).map(|(_, flag)| flag).collect()
    }
}
