use mainstay::{Class, Classify};

#[derive(Classify)]
#[permanent]
struct Known;

#[test]
fn type_parameters_lifetimes_and_constants_are_carried_over() {
    #[derive(Classify)]
    enum Generic<'a, T: Send, const N: usize>
    where
        T: Clone,
    {
        #[permanent]
        Borrowed(#[allow(dead_code)] &'a str),
        #[ignored]
        Owned(#[allow(dead_code)] T),
        #[transient]
        Bytes(#[allow(dead_code)] [u8; N]),
    }
    assert_eq!(Generic::<u8, 0>::Borrowed("x").classify(), Class::Permanent);
    assert_eq!(Generic::<String, 0>::Owned("x".to_owned()).classify(), Class::Ignored);
    assert_eq!(Generic::<u8, 2>::Bytes([0; 2]).classify(), Class::Transient);
}

#[test]
fn a_parameter_that_is_bound_to_be_classified_decides_the_class() {
    #[derive(Classify)]
    enum Wrapped<E: Classify> {
        Inner(E),
    }
    assert_eq!(Wrapped::Inner(Known).classify(), Class::Permanent);
}

#[test]
fn of_a_parameter_without_that_bound_nothing_is_known() {
    #[derive(Classify)]
    struct Wrapped<E>(E);
    assert_eq!(Wrapped(Known).classify(), Class::Transient);
}
