use mainstay::bulkhead;

#[test]
fn a_function_turns_the_refusal_into_a_foreign_error() {
    fn busy(refusal: mainstay::Error) -> std::io::Error {
        std::io::Error::other(refusal)
    }
    #[bulkhead(1, map_err = busy)]
    fn call(again: bool) -> std::io::Result<()> {
        if again { call(false) } else { Ok(()) }
    }
    call(false).unwrap();
    assert!(call(true).unwrap_err().get_ref().is_some_and(|inner| inner.is::<mainstay::Error>()));
}
