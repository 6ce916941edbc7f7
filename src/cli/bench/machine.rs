//! The machine that measures: its name and the sizes of its caches, as far as the system tells.

use std::fs;

#[derive(Clone, PartialEq, Debug)]
pub struct Machine {
    pub cpu: String,
    /// Logical processors that this process may use.
    pub processors: usize,
    /// Bytes of the data caches that one processor reaches, from the nearest on; empty if the system does not say.
    pub caches: Vec<u64>,
}

impl Machine {
    pub fn here() -> Machine {
        Machine {
            cpu: cpu().unwrap_or_else(|| format!("{} processor", std::env::consts::ARCH)),
            processors: std::thread::available_parallelism().map_or(1, usize::from),
            caches: caches(),
        }
    }

    /// `L1`, `L2`, … or `DRAM` for data of so many bytes; None where cache sizes are unknown.
    pub fn level(&self, bytes: u64) -> Option<String> {
        if self.caches.is_empty() {
            return None;
        }
        let level = self.caches.iter().position(|size| bytes <= *size);
        Some(level.map_or("DRAM".to_string(), |level| format!("L{}", level + 1)))
    }
}

fn cpu() -> Option<String> {
    let text = fs::read_to_string("/proc/cpuinfo").ok()?;
    let line = text.lines().find(|line| line.starts_with("model name"))?;
    let name = line.split_once(':')?.1.trim();
    (!name.is_empty()).then(|| name.to_string())
}

fn caches() -> Vec<u64> {
    let read = |index: usize, what: &str| {
        let path = format!("/sys/devices/system/cpu/cpu0/cache/index{index}/{what}");
        fs::read_to_string(path).ok().map(|text| text.trim().to_string())
    };
    let mut sizes = vec![];
    for index in 0..8 {
        let (Some(kind), Some(size)) = (read(index, "type"), read(index, "size")) else { break };
        let kilobytes = size.strip_suffix('K').and_then(|digits| digits.parse::<u64>().ok());
        if let (true, Some(kilobytes)) = (kind != "Instruction", kilobytes) {
            sizes.push(kilobytes * 1024);
        }
    }
    sizes.sort_unstable();
    sizes
}
