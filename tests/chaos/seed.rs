use mainstay::{Error, chaos, chaos::Fate};

use crate::support::on;

#[test]
fn the_same_seed_gives_the_same_calls_their_fates() {
    const SEED: u64 = 0xFFFF_FFFF_FFFF_FFFF;
    #[chaos("seed.known", error_rate = 0.3, seed = SEED)]
    fn call() -> Result<(), Error> {
        Ok(())
    }
    let fates = || (0..100).map(|_| call().is_err()).collect::<Vec<_>>();
    let first = {
        let _on = on("seed.known");
        fates()
    };
    let on = on("seed.known");
    assert_eq!(fates(), first);
    let config = on.0.config();
    let told = (1..=100).map(|call| config.fate("seed.known", SEED, call) == Fate::fail());
    assert_eq!(told.collect::<Vec<_>>(), first);
}
