//! The swap of a configuration, in every order in which threads can meet. Run by `.ci/loom`.

use std::sync::Arc;

use loom::thread;

use super::Live;

/// A configuration that would show a torn read: its second number is the first one's double.
type Config = (u32, u32);

fn live() -> Arc<Live<Config>> {
    let live = Live::new((1, 2));
    // Made at the first use, loom's atomics would be made by threads that know nothing of each other.
    assert!(live.is_on() && live.has_room(&(1, 2)));
    Arc::new(live)
}

fn whole(config: &Config) -> u32 {
    assert_eq!(config.0 * 2, config.1);
    config.0
}

#[test]
fn a_read_is_whole_and_what_was_set_last_is_read_in_the_end() {
    loom::model(|| {
        let live = live();
        let writers = [2, 3].map(|number| {
            let live = Arc::clone(&live);
            thread::spawn(move || assert!(live.set((number, number * 2), true)))
        });
        let first = live.get();
        let before = whole(first);
        whole(live.get());
        writers.into_iter().for_each(|writer| writer.join().unwrap());
        // A reference stays what it was.
        assert_eq!(whole(first), before);
        assert!(matches!(whole(live.get()), 2 | 3));
    });
}

#[test]
fn a_switch_and_its_configuration_are_read_together() {
    loom::model(|| {
        let live = live();
        let writer = thread::spawn({
            let live = Arc::clone(&live);
            move || {
                live.set((2, 4), false);
                live.set((3, 6), true);
            }
        });
        // 2 is never on.
        if let Some(config) = live.in_force() {
            assert!(matches!(whole(config), 1 | 3));
        }
        writer.join().unwrap();
        assert_eq!(live.in_force().map(whole), Some(3));
    });
}

#[test]
fn two_who_set_the_same_keep_it_once_and_a_restore_is_not_lost() {
    loom::model(|| {
        let live = live();
        let others = [(); 2].map(|()| {
            let live = Arc::clone(&live);
            thread::spawn(move || live.set((2, 4), true))
        });
        others.into_iter().for_each(|other| assert!(other.join().unwrap()));
        let kept = live.get();
        live.set((3, 6), true);
        live.set((2, 4), true);
        assert!(std::ptr::eq(kept, live.get()));
        live.restore();
        assert_eq!(whole(live.get()), 1);
    });
}
