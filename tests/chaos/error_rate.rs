use mainstay::{Error, Kind, chaos, policies};

use crate::support::on;

#[test]
fn nothing_is_injected_before_it_is_switched_on_nor_after_it_is_off_again() {
    #[chaos("rates.switch", error_rate = 1.0)]
    fn call() -> Result<u32, Error> {
        Ok(1)
    }
    assert_eq!(call(), Ok(1));
    {
        let _on = on("rates.switch");
        assert_eq!(call().unwrap_err().kind(), Kind::Injected);
    }
    assert_eq!(call(), Ok(1));
    assert_eq!(policies().chaos("rates.switch").unwrap().calls(), 1);
}

#[tokio::test]
async fn the_body_of_a_failed_call_does_not_run() {
    #[chaos("rates.body", error_rate = 0.5, seed = 1)]
    async fn call(ran: &mut u32) -> Result<(), Error> {
        *ran += 1;
        Ok(())
    }
    let on = on("rates.body");
    let (mut ran, mut failed) = (0, 0);
    for _ in 0..1000 {
        failed += u32::from(call(&mut ran).await.is_err());
    }
    assert_eq!((ran + failed, on.0.injected(chaos::Fault::Error)), (1000, failed.into()));
    assert!((400..600).contains(&failed), "{failed}");
}

#[test]
fn what_is_on_leaves_others_alone() {
    #[chaos("rates.mine", error_rate = 1.0)]
    fn mine() -> Result<(), Error> {
        Ok(())
    }
    #[chaos("rates.other", error_rate = 1.0)]
    fn other() -> Result<(), Error> {
        Ok(())
    }
    let _on = on("rates.mine");
    assert!(mine().is_err() && other().is_ok());
}
