//! A function named by its path: it takes the error; the error and the arguments; and a method `&self` before either.

use mainstay::fallback;

use crate::support::*;

fn of_error(error: Failure) -> Answer<String> {
    Ok(format!("instead of {error}"))
}

async fn of_error_async(error: Failure) -> Answer<String> {
    tokio::task::yield_now().await;
    Ok(format!("later, instead of {error}"))
}

fn of_arguments(error: Failure, name: &str, count: u32) -> Answer<String> {
    Ok(format!("{error} for {count} {name}"))
}

async fn of_arguments_async(error: Failure, name: &str, count: u32) -> Answer<String> {
    of_arguments(error, name, count)
}

#[fallback(of_error)]
async fn by_error(name: &str, count: u32) -> Answer<String> {
    if count > 0 { Ok(name.repeat(count as usize)) } else { Err(Failure::Reset) }
}

#[fallback(of_error)]
fn by_error_sync(name: &str, count: u32) -> Answer<String> {
    if count > 0 { Ok(name.repeat(count as usize)) } else { Err(Failure::Reset) }
}

#[fallback(of_error_async)]
async fn by_error_later() -> Answer<String> {
    Err(Failure::Reset)
}

#[fallback(of_arguments)]
async fn by_arguments(name: &str, count: u32) -> Answer<String> {
    let _ = (name, count);
    Err(Failure::Reset)
}

#[fallback(of_arguments)]
fn by_arguments_sync(name: &str, count: u32) -> Answer<String> {
    let _ = (name, count);
    Err(Failure::Reset)
}

#[fallback(of_arguments_async)]
async fn by_arguments_later(name: &str, count: u32) -> Answer<String> {
    let _ = (name, count);
    Err(Failure::Reset)
}

#[fallback(of_error)]
async fn consuming(name: String, numbers: Vec<u32>) -> Answer<String> {
    drop((name, numbers));
    Err(Failure::Reset)
}

#[tokio::test]
async fn it_may_take_the_error_alone() {
    assert_eq!(by_error("ab", 0).await.unwrap(), "instead of connection reset");
    assert_eq!(by_error_sync("ab", 0).unwrap(), "instead of connection reset");
    assert_eq!(by_error_later().await.unwrap(), "later, instead of connection reset");
}

#[tokio::test]
async fn a_call_that_succeeds_needs_none() {
    assert_eq!(by_error("ab", 2).await.unwrap(), "abab");
    assert_eq!(by_error_sync("ab", 2).unwrap(), "abab");
}

#[tokio::test]
async fn it_may_take_the_error_and_all_arguments() {
    assert_eq!(by_arguments("tea", 2).await.unwrap(), "connection reset for 2 tea");
    assert_eq!(by_arguments_sync("tea", 2).unwrap(), "connection reset for 2 tea");
    assert_eq!(by_arguments_later("tea", 2).await.unwrap(), "connection reset for 2 tea");
}

#[tokio::test]
async fn where_the_body_consumes_its_arguments_it_takes_the_error() {
    assert_eq!(consuming("a".into(), vec![1]).await.unwrap(), "instead of connection reset");
}

struct Shop {
    default: String,
    tries: u32,
}

impl Shop {
    fn of_self(&self, error: Failure) -> Answer<String> {
        Ok(format!("{}, {error}", self.default))
    }

    async fn of_self_async(&self, error: Failure) -> Answer<String> {
        self.of_self(error)
    }

    fn of_all(&self, error: Failure, name: &str, count: &u32) -> Answer<String> {
        Ok(format!("{} after {} tries, {error} for {count} {name}", self.default, self.tries))
    }

    async fn of_all_async(&self, error: Failure, name: &str, count: &u32) -> Answer<String> {
        self.of_all(error, name, count)
    }

    fn without_self(error: Failure) -> Answer<String> {
        of_error(error)
    }

    #[fallback(Self::of_self)]
    async fn shared(&self) -> Answer<String> {
        Err(Failure::Reset)
    }

    #[fallback(Shop::of_self)]
    fn shared_sync(&self) -> Answer<String> {
        Err(Failure::Reset)
    }

    #[fallback(Self::of_self_async)]
    async fn shared_later(&self) -> Answer<String> {
        Err(Failure::Reset)
    }

    #[fallback(Self::of_all)]
    async fn exclusive(&mut self, name: &str, count: &u32) -> Answer<String> {
        self.tries += count;
        self.default.push_str(name);
        Err(Failure::Reset)
    }

    #[fallback(Self::of_all)]
    fn exclusive_sync(&mut self, name: &str, count: &u32) -> Answer<String> {
        self.tries += count;
        self.default.push_str(name);
        Err(Failure::Reset)
    }

    #[fallback(Self::of_all_async)]
    async fn exclusive_later(&mut self, name: &str, count: &u32) -> Answer<String> {
        self.tries += count;
        self.default.push_str(name);
        Err(Failure::Reset)
    }

    #[fallback(Self::without_self)]
    async fn ignored(&self) -> Answer<String> {
        Err(Failure::Reset)
    }

    #[fallback(of_arguments)]
    async fn free_function(&mut self, name: &str, count: u32) -> Answer<String> {
        self.tries += count;
        self.default.push_str(name);
        Err(Failure::Reset)
    }

    #[fallback(of_error)]
    async fn owned(self) -> Answer<String> {
        drop(self);
        Err(Failure::Reset)
    }
}

fn shop() -> Shop {
    Shop { default: "sold out".into(), tries: 0 }
}

#[tokio::test]
async fn a_methods_own_fallback_may_take_the_receiver_and_the_error() {
    for answer in [shop().shared().await, shop().shared_sync(), shop().shared_later().await] {
        assert_eq!(answer.unwrap(), "sold out, connection reset");
    }
}

#[tokio::test]
async fn it_may_take_the_receiver_the_error_and_all_arguments_and_sees_what_the_body_changed() {
    let answers = [
        shop().exclusive("!", &3).await,
        shop().exclusive_sync("!", &3),
        shop().exclusive_later("!", &3).await,
    ];
    for answer in answers {
        assert_eq!(answer.unwrap(), "sold out! after 3 tries, connection reset for 3 !");
    }
}

#[tokio::test]
async fn a_method_may_name_a_function_that_takes_no_receiver() {
    assert_eq!(shop().ignored().await.unwrap(), "instead of connection reset");
    assert_eq!(shop().free_function("tea", 2).await.unwrap(), "connection reset for 2 tea");
    assert_eq!(shop().owned().await.unwrap(), "instead of connection reset");
}

fn generic_answer<T: Default, E>(_: E) -> Result<T, E> {
    Ok(T::default())
}

#[fallback(generic_answer)]
async fn generic<T: Default>(value: Option<T>) -> Answer<T> {
    value.ok_or(Failure::Reset)
}

#[tokio::test]
async fn it_may_be_generic() {
    assert_eq!(generic(Some(4_u8)).await, Ok(4));
    assert_eq!(generic::<String>(None).await, Ok(String::new()));
}
