//! What is compared: a loop per array operation or fused ones, one thread or all, one element at a time or lanes.

use durum::{Pool, Settings};
use std::fmt;

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Configuration {
    pub fused: bool,
    pub parallel: bool,
    pub lanes: bool,
}

/// Which of the three may be on.
#[derive(Clone, Copy, Debug)]
pub struct Allowed {
    pub fusion: bool,
    pub parallel: bool,
    pub lanes: bool,
}

impl Configuration {
    /// All that are allowed, the plainest first and what users get last.
    pub fn all(allowed: Allowed) -> Vec<Configuration> {
        let choices = |may: bool| if may { &[false, true][..] } else { &[false][..] };
        let mut all = vec![];
        for &parallel in choices(allowed.parallel) {
            for &fused in choices(allowed.fusion) {
                for &lanes in choices(allowed.lanes) {
                    all.push(Configuration { fused, parallel, lanes });
                }
            }
        }
        all
    }

    pub fn settings(self, base: &Settings) -> Settings {
        let mut settings = base.clone();
        settings.optimize.fuse = self.fused;
        settings.optimize.lanes = self.lanes;
        settings.optimize.parallel = self.parallel;
        settings.schedule.parallel = self.parallel;
        if !self.parallel {
            settings.pool = Pool::serial();
        }
        settings
    }

    /// As three words.
    pub fn words(self) -> [&'static str; 3] {
        [
            if self.fused { "fused" } else { "unfused" },
            if self.parallel { "parallel" } else { "serial" },
            if self.lanes { "lanes" } else { "scalar" },
        ]
    }
}

impl fmt::Display for Configuration {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str(&self.words().join(" "))
    }
}
