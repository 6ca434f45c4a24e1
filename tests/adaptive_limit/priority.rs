use mainstay::{Kind, adaptive_limit, adaptive_limit::Priority};

use crate::support::{Answer, of};

#[adaptive_limit("priority.expr", initial = 10, priority = priority)]
fn call(priority: Priority, inside: &mut dyn FnMut()) -> Answer {
    inside();
    Ok(1)
}

/// How many calls of that priority can be inside at once.
fn depth(priority: Priority) -> u32 {
    let mut depth = 0;
    fn deeper(priority: Priority, depth: &mut u32) {
        let answer = call(priority, &mut || {
            *depth += 1;
            deeper(priority, depth);
        });
        if let Err(error) = answer {
            assert_eq!(error.kind(), Some(Kind::ConcurrencyLimited));
        }
    }
    deeper(priority, &mut depth);
    depth
}

#[test]
fn an_expression_over_the_arguments_says_who_goes_first() {
    assert_eq!(Priority::ALL.map(depth), [5, 8, 10]);
    assert_eq!(Priority::ALL.map(|priority| of("priority.expr").rejected_of(priority)), [1, 1, 1]);
}

#[test]
fn a_word_says_it_for_all_calls_and_each_kind_has_its_share() {
    #[adaptive_limit("priority.word", initial = 10, priority = sheddable, normal_share = 0.4, sheddable_share = 0.1)]
    fn shed(inside: &dyn Fn()) -> Answer {
        inside();
        Ok(1)
    }
    shed(&|| assert!(shed(&|| ()).is_err())).unwrap();

    // Another function, the same limit: critical unless it says otherwise.
    #[adaptive_limit("priority.word", initial = 10, priority = normal, normal_share = 0.4, sheddable_share = 0.1)]
    fn normal(inside: &dyn Fn()) -> Answer {
        inside();
        Ok(1)
    }
    normal(&|| {
        assert!(shed(&|| ()).is_err());
        normal(&|| ()).unwrap();
    })
    .unwrap();
}

#[test]
fn an_argument_of_that_name_is_meant_before_the_word() {
    #[adaptive_limit("priority.argument", initial = 10, priority = normal)]
    fn call(normal: Priority, inside: &dyn Fn()) -> Answer {
        inside();
        Ok(1)
    }
    call(Priority::Critical, &|| ()).unwrap();
    let permits: Vec<_> =
        (0..9).map(|_| of("priority.argument").try_enter(Priority::Critical).unwrap()).collect();
    call(Priority::Critical, &|| ()).unwrap();
    assert!(call(Priority::Normal, &|| ()).is_err());
    drop(permits);
}
