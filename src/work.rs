//! Work on several processors at once, for what is large. Small answers start no thread.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

/// How many threads there are at most: each takes memory for what it works on.
const THREADS: usize = 8;

/// How many threads work on something large.
pub(crate) fn threads() -> usize {
    thread::available_parallelism().map_or(1, usize::from).min(THREADS)
}

/// Makes each of so many things, several at once, and gives them in order.
pub(crate) fn each<T: Send>(count: usize, make: &(dyn Fn(usize) -> T + Sync)) -> Vec<T> {
    let threads = if count < 2 { 1 } else { threads().min(count) };
    if threads < 2 {
        return (0..count).map(make).collect();
    }
    let next = AtomicUsize::new(0);
    let work = || {
        let mut made = Vec::new();
        loop {
            let at = next.fetch_add(1, Ordering::Relaxed);
            if at >= count {
                return made;
            }
            made.push((at, make(at)));
        }
    };
    let mut made = thread::scope(|scope| {
        let others: Vec<_> = (1..threads).map(|_| scope.spawn(work)).collect();
        let mut made = work();
        for other in others {
            made.extend(other.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)));
        }
        made
    });
    made.sort_unstable_by_key(|(at, _)| *at);
    made.into_iter().map(|(_, thing)| thing).collect()
}

/// Places that a thread is worth starting for.
const PART: usize = 1 << 18;

/// Makes each of so many small things, many in a row at once, in their order.
pub(crate) fn in_parts<T: Copy + Default + Send>(count: usize, make: impl Fn(usize) -> T + Sync) -> Vec<T> {
    let part = count.div_ceil(threads()).max(PART);
    if count <= part {
        return (0..count).map(make).collect();
    }
    let mut made = vec![T::default(); count];
    thread::scope(|scope| {
        for (made, first) in made.chunks_mut(part).zip((0..).step_by(part)) {
            let make = &make;
            scope.spawn(move || made.iter_mut().zip(first..).for_each(|(to, at)| *to = make(at)));
        }
    });
    made
}

/// The values at some places, in their order.
pub(crate) fn pick<T: Copy + Default + Send + Sync>(values: &[T], places: &[u32]) -> Vec<T> {
    in_parts(places.len(), |at| values[places[at] as usize])
}

#[cfg(test)]
mod tests {
    #[test]
    fn values_come_from_their_places() {
        for count in [0, 1, 3 * super::PART] {
            let values: Vec<u64> = (0..count as u64).map(|value| value * 3).collect();
            let places: Vec<u32> = (0..count as u32).rev().collect();
            let turned: Vec<u64> = values.iter().rev().copied().collect();
            assert_eq!(super::pick(&values, &places), turned);
        }
    }

    #[test]
    fn things_come_in_order() {
        for count in [0, 1, 2, 1000] {
            let squares = super::each(count, &|at| at * at);
            assert_eq!(squares, (0..count).map(|at| at * at).collect::<Vec<_>>());
        }
    }
}
