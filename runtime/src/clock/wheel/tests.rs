use std::{
    future::{Future, poll_fn},
    pin::Pin,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, AtomicUsize, Ordering::SeqCst},
        mpsc,
    },
    task::{Context, Poll, Wake, Waker},
    thread,
    time::Duration,
};

use super::{
    alarm::Alarm,
    hold::{Hold, NoThread},
    tick::{self, NEVER},
    timer::Timer,
};
use crate::clock::{Instant, block_on, now};

fn leaked(alarm: Alarm) -> &'static Timer {
    Box::leak(Box::new(Timer::new(3, alarm, now)))
}

fn by_hand() -> &'static Timer {
    Box::leak(Box::new(Timer::new(3, Alarm::by_hand(), || Instant::ZERO)))
}

/// A wait of its own in `timer`.
struct Sleep(Instant, Hold);

impl Future for Sleep {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        let at = self.0;
        self.1.poll(at, cx.waker()).unwrap_or_else(|_| unreachable!("a thread can be had"))
    }
}

fn sleep(timer: &'static Timer, duration: Duration) -> Sleep {
    Sleep(now() + duration, Hold::of(timer))
}

fn polled(mut sleep: Sleep, waker: &Waker) -> Sleep {
    assert!(Pin::new(&mut sleep).poll(&mut Context::from_waker(waker)).is_pending());
    sleep
}

/// A wait that was pending once, though it is so short that it may be over already.
fn begun(timer: &'static Timer, duration: Duration, waker: &Waker) -> Sleep {
    loop {
        let mut sleep = sleep(timer, duration);
        // This thread may stand still between the two: then another try.
        if Pin::new(&mut sleep).poll(&mut Context::from_waker(waker)).is_pending() {
            return sleep;
        }
    }
}

const HOUR: Duration = Duration::from_secs(3600);

#[test]
fn its_thread_wakes_what_waits_and_never_early() {
    let timer = leaked(Alarm::with_thread());
    thread::scope(|scope| {
        for thread in 0..4 {
            scope.spawn(move || {
                for millis in [1, 0, 7, 2, 1] {
                    let duration = Duration::from_micros(millis * 1000 + thread * 77);
                    let start = now();
                    assert_eq!(block_on(sleep(timer, duration), None), Some(()));
                    assert!(now().saturating_since(start) >= duration);
                }
            });
        }
    });
}

#[test]
fn a_nearer_wait_is_not_kept_by_one_that_is_far_away() {
    let timer = leaked(Alarm::with_thread());
    let far = polled(sleep(timer, HOUR), Waker::noop());
    assert_eq!(block_on(sleep(timer, Duration::from_millis(1)), None), Some(()));
    drop(far);
}

#[test]
fn the_thread_has_nothing_to_do_when_nothing_waits() {
    let timer = leaked(Alarm::with_thread());
    assert_eq!(timer.state(), (0, NEVER));
    assert_eq!(block_on(sleep(timer, Duration::from_millis(1)), None), Some(()));
    let mut idle = begun(timer, Duration::from_millis(3), Waker::noop());
    idle.1.cancel();
    // It comes by once more for what was given up, and then for nothing: no wake-up is planned.
    while timer.state() != (0, NEVER) {
        thread::yield_now();
    }
}

#[test]
fn a_wait_may_be_dropped_on_another_thread_and_by_one_that_ends() {
    let timer = leaked(Alarm::with_thread());
    let sleeping = thread::spawn(move || polled(sleep(timer, HOUR), Waker::noop())).join().unwrap();
    assert_eq!(timer.state().0, 1);
    thread::spawn(move || drop(sleeping)).join().unwrap();
    assert_eq!(timer.state().0, 0);

    // Set on a thread that is gone, it ends all the same, and wakes this one.
    let (sender, receiver) = mpsc::channel();
    thread::spawn(move || sender.send(begun(timer, Duration::from_millis(2), Waker::noop())));
    assert_eq!(block_on(receiver.recv().unwrap(), None), Some(()));
}

/// A waker with waits of its own, as that of a task has which is kept by nothing else.
struct Task {
    _waits: Sleep,
}

impl Wake for Task {
    fn wake(self: Arc<Self>) {}
}

#[test]
fn a_task_that_goes_with_its_last_waker_may_be_waiting_itself() {
    let timer = leaked(Alarm::with_thread());
    let task = || Waker::from(Arc::new(Task { _waits: polled(sleep(timer, HOUR), Waker::noop()) }));
    // Given up, polled by another, and woken.
    drop(polled(sleep(timer, HOUR), &task()));
    drop(polled(polled(sleep(timer, HOUR), &task()), &task()));
    let mut woken = begun(timer, Duration::from_millis(1), &task());
    let _pending_or_over = Pin::new(&mut woken).poll(&mut Context::from_waker(&task()));
    assert_eq!(block_on(woken, None), Some(()));
    assert_eq!(timer.state().0, 0);
}

#[test]
fn a_waker_that_panics_and_one_that_waits_itself_leave_the_thread_at_work() {
    struct Panics(mpsc::Sender<()>);
    impl Wake for Panics {
        fn wake(self: Arc<Self>) {
            self.0.send(()).unwrap();
            panic!("boom");
        }
    }
    struct SetsAnother(&'static Timer, Mutex<Option<Sleep>>, mpsc::Sender<()>);
    impl Wake for SetsAnother {
        fn wake(self: Arc<Self>) {
            let another = begun(self.0, Duration::from_millis(1), Waker::noop());
            *self.1.lock().unwrap() = Some(another);
            self.2.send(()).unwrap();
        }
    }
    let timer = leaked(Alarm::with_thread());
    let (sender, receiver) = mpsc::channel();
    let first = begun(timer, Duration::from_millis(1), &Waker::from(Arc::new(Panics(sender.clone()))));
    receiver.recv().unwrap();
    let setting = Arc::new(SetsAnother(timer, Mutex::default(), sender));
    let second = begun(timer, Duration::from_millis(1), &Waker::from(Arc::clone(&setting)));
    receiver.recv().unwrap();
    let another = setting.1.lock().unwrap().take().unwrap();
    assert_eq!(block_on(another, None), Some(()));
    drop((first, second));
}

#[test]
fn a_wait_is_polled_by_whoever_asked_last() {
    struct Count(AtomicUsize);
    impl Wake for Count {
        fn wake(self: Arc<Self>) {
            self.0.fetch_add(1, SeqCst);
        }
    }
    let timer = by_hand();
    let [first, second] = [0, 0].map(|count| Arc::new(Count(AtomicUsize::new(count))));
    let at = Instant::from_nanos(1 << 30);
    let sleep = polled(Sleep(at, Hold::of(timer)), &Waker::from(Arc::clone(&first)));
    let mut sleep = polled(sleep, &Waker::from(Arc::clone(&second)));
    assert_eq!(Arc::strong_count(&first), 1);
    timer.look(tick::not_before(at), &mut Vec::new());
    assert_eq!((first.0.load(SeqCst), second.0.load(SeqCst)), (0, 1));
    let mut cx = Context::from_waker(Waker::noop());
    assert!(Pin::new(&mut sleep).poll(&mut cx).is_ready() && Pin::new(&mut sleep).poll(&mut cx).is_ready());
}

#[test]
fn the_waker_of_a_wait_that_is_over_serves_the_next_and_goes_when_the_wheel_comes_by() {
    let timer = by_hand();
    let task = Arc::new(Thread(thread::current()));
    let waker = Waker::from(Arc::clone(&task));
    let (first, second) = (Instant::from_nanos(1 << 30), Instant::from_nanos(1 << 31));
    let mut hold = Hold::of(timer);
    for _ in 0..3 {
        assert_eq!(hold.poll(first, &waker), Ok(Poll::Pending));
        hold.cancel();
        assert_eq!(Arc::strong_count(&task), 3);
    }
    timer.look(tick::not_before(first), &mut Vec::new());
    assert_eq!((Arc::strong_count(&task), timer.state().0), (2, 0));
    assert_eq!(hold.poll(second, &waker), Ok(Poll::Pending));
    assert_eq!((Arc::strong_count(&task), timer.state().0), (3, 1));
    hold.cancel();
    hold.let_go();
    assert_eq!(Arc::strong_count(&task), 2);
}

#[test]
fn where_no_thread_can_be_had_a_wait_is_told_and_nothing_stays_in_the_wheel() {
    static MAY: AtomicBool = AtomicBool::new(false);
    let start = |turn| MAY.load(SeqCst) && thread::Builder::new().spawn(turn).is_ok();
    let timer = leaked(Alarm::started_by(start));
    let task = Arc::new(Thread(thread::current()));
    let waker = Waker::from(Arc::clone(&task));
    let mut hold = Hold::of(timer);
    for _ in 0..2 {
        assert_eq!(hold.poll(now() + HOUR, &waker), Err(NoThread));
        hold.cancel();
        assert_eq!((timer.state(), Arc::strong_count(&task)), ((0, NEVER), 2));
    }
    MAY.store(true, SeqCst);
    let at = now() + Duration::from_millis(1);
    while hold.poll(at, &waker) == Ok(Poll::Pending) {
        thread::park();
    }
    assert_eq!(hold.poll(at, &waker), Ok(Poll::Ready(())));
}

struct Thread(thread::Thread);

impl Wake for Thread {
    fn wake(self: Arc<Self>) {
        self.0.unpark();
    }
}

/// Calls with one limit, one after the other, in one place.
#[test]
fn what_is_set_again_and_again_is_looked_at_once_in_its_limit() {
    let timer = by_hand();
    let mut hold = Hold::of(timer);
    let (mut due, mut looks) = (Vec::new(), 0);
    // A million calls in a hundred seconds, each with ten seconds.
    for call in 0..1_000_000_u64 {
        let now = Instant::from_nanos(call * 100_000);
        while tick::start(timer.state().1) <= now {
            looks += 1;
            timer.plan(timer.look(tick::of(now), &mut due));
        }
        assert_eq!(hold.poll(now + Duration::from_secs(10), Waker::noop()), Ok(Poll::Pending));
        hold.cancel();
    }
    assert!(looks <= 40, "{looks}");
}

#[test]
fn many_waits_with_long_limits_cost_few_looks() {
    let timer = by_hand();
    let many = if cfg!(debug_assertions) { 50_000 } else { 2_000_000 };
    let mut random = fastrand::Rng::with_seed(7);
    let ends = |random: &mut fastrand::Rng| {
        Instant::from_nanos(random.u64(HOUR.as_nanos() as u64 / 2..HOUR.as_nanos() as u64))
    };
    let mut holds: Vec<(Instant, Hold)> = (0..many).map(|_| (ends(&mut random), Hold::of(timer))).collect();
    for (at, hold) in &mut holds {
        assert_eq!(hold.poll(*at, Waker::noop()), Ok(Poll::Pending));
    }
    assert_eq!(timer.state().0, many);
    // All but a hundredth are given up.
    let kept = holds.split_off(many - many / 100);
    drop(holds);
    assert_eq!(timer.state().0, kept.len());
    let (mut turns, mut due) = (0, Vec::new());
    while timer.state().1 != NEVER {
        turns += 1;
        timer.plan(timer.look(timer.state().1, &mut due));
    }
    assert_eq!(timer.state().0, 0);
    // A turn for each wait that ended, and for each span that had to be sorted finer on the way.
    assert!(turns <= 4 * kept.len(), "{turns} for {}", kept.len());
}

#[test]
fn a_runtime_is_not_needed_and_does_not_matter() {
    let timer = leaked(Alarm::with_thread());
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).build().unwrap();
    runtime.block_on(async {
        let tasks: Vec<_> =
            (1..20).map(|millis| tokio::spawn(sleep(timer, Duration::from_millis(millis % 3)))).collect();
        for task in tasks {
            task.await.unwrap();
        }
        let mut own = sleep(timer, Duration::from_millis(1));
        poll_fn(|cx| Pin::new(&mut own).poll(cx)).await;
    });
}
