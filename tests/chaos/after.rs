use std::cell::Cell;

use mainstay::{Error, chaos};

use crate::support::on;

#[test]
fn after_the_body_the_work_is_done_and_the_answer_lost() {
    #[chaos("after.sync", after, error_rate = 1.0)]
    fn call(done: &Cell<u32>) -> Result<(), Error> {
        done.set(done.get() + 1);
        Ok(())
    }
    let done = Cell::new(0);
    call(&done).unwrap();
    let _on = on("after.sync");
    assert!(call(&done).is_err());
    assert_eq!(done.get(), 2);
}

#[tokio::test]
async fn async_too_and_with_an_error_that_looks_at_what_is_left_of_the_arguments() {
    #[chaos("after.async", after, error_rate = 1.0, error = format!("order {id} lost"))]
    async fn call(id: u64, lines: Vec<u64>) -> Result<u64, String> {
        if lines.is_empty() {
            return Err("empty".to_owned());
        }
        let sum: u64 = lines.into_iter().sum();
        Ok(sum + id)
    }
    assert_eq!(call(1, vec![2, 3]).await, Ok(6));
    let _on = on("after.async");
    assert_eq!(call(1, vec![2, 3]).await, Err("order 1 lost".into()));
}
