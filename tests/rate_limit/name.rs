use mainstay::{policies, rate_limit};

use crate::support::{Answer, wait_of};

#[tokio::test(start_paused = true)]
async fn functions_under_one_name_share_their_tokens() {
    #[rate_limit("limit.shared", "2/s")]
    async fn one() -> Answer {
        Ok(())
    }
    #[rate_limit("2/s", name = "limit.shared")]
    fn other() -> Answer {
        Ok(())
    }
    assert_eq!((one().await, other()), (Ok(()), Ok(())));
    assert_eq!((wait_of(&one().await), wait_of(&other())), (500.0, 500.0));
    assert_eq!(policies().rate_limiter("limit.shared").unwrap().available_tokens(), 0.0);
}

#[tokio::test(start_paused = true)]
async fn module_path_and_function_are_the_name_by_default() {
    #[rate_limit("1/s")]
    async fn nameless() -> Answer {
        Ok(())
    }
    nameless().await.unwrap();
    assert_eq!(nameless().await.unwrap_err().policy(), "rate_limit::name::nameless");
}
