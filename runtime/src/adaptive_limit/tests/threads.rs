use std::sync::atomic::{AtomicU32, Ordering};

use super::*;

#[test]
fn many_threads_never_find_more_inside_than_the_highest_limit_and_leave_none_behind() {
    let limit = limit(AdaptiveLimitConfig::new().initial(3).max(6));
    let inside = AtomicU32::new(0);
    std::thread::scope(|scope| {
        for thread in 0..8_u32 {
            let (limit, inside) = (&limit, &inside);
            scope.spawn(move || {
                for call in 0..20_000_u32 {
                    let priority = Priority::ALL[(call % 3) as usize];
                    let Ok(permit) = limit.try_enter(priority) else { continue };
                    assert!(inside.fetch_add(1, Ordering::SeqCst) < 6);
                    inside.fetch_sub(1, Ordering::SeqCst);
                    match (call + thread) % 4 {
                        0 => permit.overload(),
                        1 => drop(permit),
                        _ => permit.success(),
                    }
                }
            });
        }
    });
    assert_eq!(limit.in_flight(), 0);
    assert_eq!(limit.admitted_count() + limit.rejected_count(), 160_000);
}
