use std::time::Duration;

use mainstay::{Class, Classify};

#[test]
fn a_struct_is_of_the_class_it_is_marked_with() {
    #[derive(Classify)]
    #[permanent]
    struct Unit;
    #[derive(Classify)]
    #[ignored]
    struct Tuple(#[allow(dead_code)] u8, #[allow(dead_code)] u8);
    #[derive(Classify)]
    #[throttled(retry_after = after)]
    struct Fields {
        after: Duration,
        #[allow(dead_code)]
        code: u16,
    }
    assert_eq!(Unit.classify(), Class::Permanent);
    assert_eq!(Tuple(1, 2).classify(), Class::Ignored);
    let after = Duration::from_secs(3);
    assert_eq!(Fields { after, code: 429 }.classify(), Class::Throttled { retry_after: Some(after) });
}

#[test]
fn an_unmarked_struct_is_transient() {
    #[derive(Classify)]
    struct Unit;
    #[derive(Classify)]
    struct Fields {
        #[allow(dead_code)]
        one: u8,
        #[allow(dead_code)]
        other: u8,
    }
    assert_eq!(Unit.classify(), Class::Transient);
    assert_eq!(Fields { one: 1, other: 2 }.classify(), Class::Transient);
}

#[test]
fn an_unmarked_struct_of_one_field_is_of_its_class() {
    #[derive(Classify)]
    #[permanent]
    struct Inner;
    #[derive(Classify)]
    struct Tuple(Inner);
    #[derive(Classify)]
    struct Field {
        inner: Box<Tuple>,
    }
    assert_eq!(Tuple(Inner).classify(), Class::Permanent);
    assert_eq!(Field { inner: Box::new(Tuple(Inner)) }.classify(), Class::Permanent);
}
