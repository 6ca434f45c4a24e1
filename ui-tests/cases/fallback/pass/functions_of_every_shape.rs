#![deny(warnings)]

use mainstay::{Error, fallback};

fn of_error(_: Error) -> Result<u32, Error> {
    Ok(0)
}

fn of_error_and_arguments(_: Error, number: u32, text: &str) -> Result<u32, Error> {
    Ok(number + u32::try_from(text.len()).unwrap_or(0))
}

async fn later(_: Error) -> Result<u32, Error> {
    Ok(0)
}

#[fallback(of_error)]
fn one(number: u32) -> Result<u32, Error> {
    Ok(number)
}

#[fallback(of_error_and_arguments)]
fn two(number: u32, text: &str) -> Result<u32, Error> {
    Ok(number + u32::try_from(text.len()).unwrap_or(0))
}

#[fallback(|_, text| Ok(text))]
fn three(text: String) -> Result<String, Error> {
    Ok(text.clone())
}

#[fallback(|error| Err(error.to_string().into()))]
fn four() -> Result<u32, Box<dyn std::error::Error>> {
    Ok(1)
}

#[fallback(later)]
async fn five() -> Result<u32, Error> {
    Ok(1)
}

#[fallback(|_| async { Ok(0) })]
async fn six() -> Result<u32, Error> {
    Ok(1)
}

#[fallback(of_error)]
async fn seven(text: String) -> Result<u32, Error> {
    Ok(u32::try_from(text.len()).unwrap_or(0))
}

struct Client;

impl Client {
    fn of_self(&self, error: Error) -> Result<u32, Error> {
        Err(error)
    }

    fn of_all(&self, _: Error, number: u32) -> Result<u32, Error> {
        Ok(number)
    }

    #[fallback(Self::of_self)]
    fn eight(&self) -> Result<u32, Error> {
        Ok(1)
    }

    #[fallback(Client::of_all)]
    async fn nine(&mut self, number: u32) -> Result<u32, Error> {
        Ok(number)
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    assert!(one(1).is_ok() && two(1, "a").is_ok() && three(String::new()).is_ok() && four().is_ok());
    assert!(five().await.is_ok() && six().await.is_ok() && seven(String::new()).await.is_ok());
    assert!(Client.eight().is_ok() && Client.nine(1).await.is_ok());
}
