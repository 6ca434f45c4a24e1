use mainstay::{Class, Classify};

use crate::THROTTLED;

#[derive(Classify)]
enum PayError {
    #[transient]
    Unreachable,
    #[permanent]
    Declined(#[allow(dead_code)] u32, #[allow(dead_code)] &'static str),
    #[ignored]
    Cancelled {
        #[allow(dead_code)]
        by: &'static str,
    },
    #[throttled]
    Busy,
    Unmarked,
    UnmarkedPair(#[allow(dead_code)] u8, #[allow(dead_code)] u8),
    UnmarkedFields {
        #[allow(dead_code)]
        one: u8,
        #[allow(dead_code)]
        other: u8,
    },
}

#[test]
fn each_variant_is_of_the_class_it_is_marked_with() {
    assert_eq!(PayError::Unreachable.classify(), Class::Transient);
    assert_eq!(PayError::Declined(51, "funds").classify(), Class::Permanent);
    assert_eq!(PayError::Cancelled { by: "user" }.classify(), Class::Ignored);
    assert_eq!(PayError::Busy.classify(), THROTTLED);
}

#[test]
fn an_unmarked_variant_of_no_or_several_fields_is_transient() {
    assert_eq!(PayError::Unmarked.classify(), Class::Transient);
    assert_eq!(PayError::UnmarkedPair(1, 2).classify(), Class::Transient);
    assert_eq!(PayError::UnmarkedFields { one: 1, other: 2 }.classify(), Class::Transient);
}

#[test]
fn an_error_that_cannot_happen_may_be_classified() {
    #[derive(Classify)]
    enum Never {}
    fn class_of(error: Option<&Never>) -> Option<Class> {
        error.map(Classify::classify)
    }
    assert_eq!(class_of(None), None);
}

#[test]
fn references_and_boxes_are_of_the_class_of_what_they_hold() {
    fn class_of(error: impl Classify) -> Class {
        error.classify()
    }
    let object: Box<dyn Classify> = Box::new(PayError::Busy);
    assert_eq!(class_of(&PayError::Busy), THROTTLED);
    assert_eq!(class_of(Box::new(PayError::Busy)), THROTTLED);
    assert_eq!(class_of(object), THROTTLED);
}

#[test]
fn names_of_ones_own_are_not_in_the_way() {
    mod shadowed {
        #[allow(dead_code)]
        pub(super) struct Option;
        #[allow(dead_code)]
        pub(super) struct Class;
        #[derive(mainstay::Classify)]
        pub(super) enum Odd {
            #[throttled]
            r#Match,
            #[permanent]
            Class,
        }
    }
    assert_eq!(shadowed::Odd::r#Match.classify(), THROTTLED);
    assert_eq!(shadowed::Odd::Class.classify(), Class::Permanent);
}
