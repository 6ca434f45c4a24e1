use mainstay::{
    Error, idempotent,
    store::{Key, ToKey},
};

use crate::support::Body;

#[tokio::test(start_paused = true)]
async fn a_key_may_be_made_from_an_argument_that_the_body_consumes() {
    static BODY: Body = Body::open();
    struct Order {
        id: String,
    }
    #[idempotent(key = order.id)]
    async fn place(order: Order) -> Result<(u32, String), Error> {
        let Order { id } = order;
        Ok((BODY.run(), id))
    }
    let order = || Order { id: "o-1".to_owned() };
    assert_eq!(place(order()).await.unwrap().0, 1);
    assert_eq!(place(order()).await.unwrap().0, 1);
}

#[test]
fn the_parts_of_a_key_do_not_run_together() {
    static BODY: Body = Body::open();
    #[idempotent(key = (one, two))]
    fn call(one: &str, two: &str) -> Result<u32, Error> {
        let _ = (one, two);
        Ok(BODY.run())
    }
    assert_ne!(call("a:b", "c"), call("a", "b:c"));
}

#[test]
fn a_type_of_ones_own_may_be_a_key() {
    struct Id(u64);
    impl ToKey for Id {
        fn to_key(&self) -> Key<'_> {
            self.0.to_key()
        }
    }
    static BODY: Body = Body::open();
    #[idempotent(key = id)]
    fn call(id: Id) -> Result<u32, Error> {
        let _ = id.0;
        Ok(BODY.run())
    }
    assert_eq!((call(Id(1)), call(Id(1)), call(Id(2))), (Ok(1), Ok(1), Ok(2)));
}

#[tokio::test(start_paused = true)]
async fn a_method_may_take_its_key_from_itself() {
    struct Account {
        id: u32,
        runs: Body,
    }
    impl Account {
        #[idempotent("key.account", key = (self.id, "close"))]
        async fn close(&self) -> Result<u32, Error> {
            Ok(self.runs.run())
        }

        #[idempotent("key.account.mut", key = self.id)]
        async fn rename(&mut self, to: u32) -> Result<u32, Error> {
            self.id = to;
            Ok(self.runs.run())
        }
    }
    let mut account = Account { id: 7, runs: Body::open() };
    assert_eq!((account.close().await, account.close().await), (Ok(1), Ok(1)));
    assert_eq!(
        (account.rename(8).await, account.rename(9).await, account.rename(9).await),
        (Ok(2), Ok(3), Ok(4))
    );
}
