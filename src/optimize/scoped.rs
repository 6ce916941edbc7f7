//! A map with scopes: what walking nested blocks in dominance order needs.
//!
//! `mark` opens a scope, `leave` forgets what happened since. Each change costs a constant.

use std::collections::HashMap;
use std::hash::Hash;

pub struct ScopedMap<K, V> {
    map: HashMap<K, V>,
    /// What each change overwrote, latest last.
    log: Vec<(K, Option<V>)>,
}

/// The length of the log when a scope was opened.
#[derive(Clone, Copy)]
pub struct Mark(usize);

impl<K: Eq + Hash + Clone, V: Clone> ScopedMap<K, V> {
    pub fn new() -> ScopedMap<K, V> {
        ScopedMap { map: HashMap::new(), log: vec![] }
    }

    pub fn get(&self, key: &K) -> Option<&V> {
        self.map.get(key)
    }

    pub fn insert(&mut self, key: K, value: V) {
        let old = self.map.insert(key.clone(), value);
        self.log.push((key, old));
    }

    pub fn remove(&mut self, key: &K) {
        if let Some(old) = self.map.remove(key) {
            self.log.push((key.clone(), Some(old)));
        }
    }

    pub fn mark(&self) -> Mark {
        Mark(self.log.len())
    }

    pub fn leave(&mut self, mark: Mark) {
        while self.log.len() > mark.0 {
            let (key, old) = self.log.pop().expect("longer than the mark");
            match old {
                Some(old) => self.map.insert(key, old),
                None => self.map.remove(&key),
            };
        }
    }
}
