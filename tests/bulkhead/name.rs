use mainstay::{bulkhead, policies};
use mainstay_testkit::Stepper;

use crate::support::{Answer, Gate, letter, step};

#[tokio::test(start_paused = true)]
async fn functions_under_one_name_share_their_places() {
    #[bulkhead("places.shared", 1)]
    async fn one(gate: &Gate) -> Answer {
        gate.pass().await
    }
    #[bulkhead(1, name = "places.shared")]
    fn other() -> Answer {
        Ok(())
    }
    let gate = Gate::shut();
    let mut inside = Stepper::new(one(&gate));
    assert_eq!(step(&mut inside), '-');
    assert_eq!(letter(&other()), 'X');
    drop(inside);
    assert_eq!(other(), Ok(()));
    assert_eq!(policies().bulkhead("places.shared").unwrap().admitted_count(), 2);
}

#[test]
fn module_path_and_function_are_the_name_by_default() {
    #[bulkhead(1)]
    fn nameless(again: bool) -> Answer {
        if again { nameless(true) } else { Ok(()) }
    }
    assert_eq!(nameless(true).unwrap_err().policy(), "bulkhead::name::nameless");
}
