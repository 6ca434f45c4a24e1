use mainstay::{
    Error, bulkhead,
    overrides::{Environment, Origin, Values, overrides},
    policies, rate_limit,
};

use crate::InForce;

#[rate_limit("explained.stock", "5/s")]
#[bulkhead("explained.stock", 4)]
fn stock() -> Result<(), Error> {
    Ok(())
}

#[bulkhead(3)]
fn without_a_name() -> Result<(), Error> {
    Ok(())
}

#[test]
fn every_value_is_told_with_where_it_comes_from() {
    let in_force = InForce::nothing();
    assert_eq!((stock(), without_a_name()), (Ok(()), Ok(())));
    let kinds = Values::new().kind("bulkhead", "max_wait", "50ms").kind("rate_limit", "burst", 9);
    let names = Environment::of([
        ("MAINSTAY_EXPLAINED_STOCK_BULKHEAD_LIMIT", "7"),
        ("MAINSTAY_OVERRIDES__EXPLAINED__WITHOUT_A_NAME_BULKHEAD_LIMIT", "2"),
    ]);
    in_force.load(overrides().values(kinds).source(names)).unwrap();
    let explained = policies().explain();
    let told = |attribute, name, option| {
        let valued = explained.find(attribute, name).unwrap().option(option).unwrap();
        (valued.value.clone(), valued.origin.clone())
    };
    let (value, origin) = told("bulkhead", "explained.stock", "limit");
    assert_eq!(
        (value.as_str(), origin.to_string().as_str()),
        ("7", "name, MAINSTAY_EXPLAINED_STOCK_BULKHEAD_LIMIT")
    );
    let (value, origin) = told("bulkhead", "explained.stock", "max_wait");
    assert!(value == "50ms" && matches!(&origin, Origin::Kind(place) if place.contains("explained.rs:")));
    let (value, origin) = told("rate_limit", "explained.stock", "rate");
    assert!(
        value == "5/s" && matches!(&origin, Origin::Code(Some(place)) if place.contains("explained.rs:"))
    );
    assert_eq!(told("bulkhead", "overrides::explained::without_a_name", "limit").0, "2");
    assert_eq!(policies().bulkhead("overrides::explained::without_a_name").unwrap().limit(), 2);

    let text = explained.to_string();
    assert!(text.contains("bulkhead `explained.stock`\n    enabled "), "{text}");
}
