use mainstay::{Error, chaos, chaos::Chaos};

struct Client {
    faults: Chaos,
}

impl Client {
    fn new() -> Self {
        Self { faults: Chaos::builder().error_rate(1.0).build("with.own").unwrap() }
    }

    #[chaos(with = self.faults)]
    async fn get(&self) -> Result<u32, Error> {
        Ok(1)
    }

    #[chaos(with = self.faults, error = "down", after)]
    fn put(&mut self) -> Result<u32, &'static str> {
        Ok(1)
    }
}

#[tokio::test]
async fn a_field_gives_each_value_faults_of_its_own() {
    let (mut one, mut other) = (Client::new(), Client::new());
    one.faults.enable();
    assert!(one.get().await.is_err() && other.get().await.is_ok());
    assert_eq!((one.put(), other.put()), (Err("down"), Ok(1)));
}
