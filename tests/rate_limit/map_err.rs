use mainstay::rate_limit;

#[tokio::test(start_paused = true)]
async fn a_function_turns_the_refusal_into_a_foreign_error() {
    fn too_many(refusal: mainstay::Error) -> std::io::Error {
        std::io::Error::other(refusal)
    }
    #[rate_limit("1/s", map_err = too_many)]
    async fn call() -> std::io::Result<()> {
        Ok(())
    }
    call().await.unwrap();
    assert!(call().await.unwrap_err().get_ref().is_some_and(|inner| inner.is::<mainstay::Error>()));
}
