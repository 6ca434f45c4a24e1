use std::sync::Arc;

use mainstay::{bulkhead, bulkhead::Bulkhead};

use crate::support::{Answer, Gate, letter, many, ms, steps};

struct Client {
    places: Bulkhead,
    shared: Arc<Bulkhead>,
}

impl Client {
    fn new() -> Self {
        Self {
            places: Bulkhead::builder(1).build("places.own").unwrap(),
            shared: Arc::new(Bulkhead::builder(1).build("places.arc").unwrap()),
        }
    }

    #[bulkhead(with = self.places)]
    async fn get(&self, gate: &Gate) -> Answer {
        gate.pass().await
    }

    #[bulkhead(with = self.places)]
    fn get_sync(&self) -> Answer {
        Ok(())
    }

    #[bulkhead(with = self.shared)]
    fn put(&self, inside: &dyn Fn()) -> Answer {
        inside();
        Ok(())
    }
}

#[tokio::test(start_paused = true)]
async fn a_field_gives_each_value_places_of_its_own() {
    let (one, other, gate) = (Client::new(), Client::new(), Gate::shut());
    let mut calls = many(2, || one.get(&gate));
    assert_eq!(steps(&mut calls), "-X");
    assert_eq!((letter(&one.get_sync()), letter(&other.get_sync())), ('X', 'S'));
}

#[test]
fn an_arc_shares_them_between_values() {
    let one = Client::new();
    let other = Client { shared: Arc::clone(&one.shared), ..Client::new() };
    one.put(&|| assert_eq!(letter(&other.put(&|| ())), 'X')).unwrap();
    other.put(&|| ()).unwrap();
}

#[test]
fn a_registered_one_is_shared_by_the_whole_program() {
    fn places() -> &'static Bulkhead {
        Bulkhead::builder(1).register("places.registered").unwrap()
    }
    #[bulkhead(with = places())]
    fn by_call(inside: &dyn Fn()) -> Answer {
        inside();
        Ok(())
    }
    #[bulkhead("places.registered", 1)]
    fn by_name() -> Answer {
        Ok(())
    }
    by_call(&|| assert_eq!(letter(&by_name()), 'X')).unwrap();
}

#[tokio::test(start_paused = true)]
async fn its_own_queue_is_followed() {
    #[bulkhead(with = places)]
    async fn call(places: &Bulkhead, gate: &Gate) -> Answer {
        gate.pass().await
    }
    let places = Bulkhead::builder(1).max_queue(1).max_wait(ms(1000)).build("places.queue").unwrap();
    let gate = Gate::shut();
    let mut calls = many(3, || call(&places, &gate));
    assert_eq!(steps(&mut calls), "--X");
    tokio::time::advance(ms(1000)).await;
    assert_eq!(steps(&mut calls[1..2]), "X");
}
