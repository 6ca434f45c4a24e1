use std::{ops::Deref, sync::Arc};

use crate::Name;

/// A key as a store has it: the policy's name, `:`, and the caller's key. Functions that share a store do not share keys.
#[derive(Debug, Clone)]
pub struct StoreKey {
    text: Arc<str>,
    own: usize,
}

impl StoreKey {
    pub(crate) fn new(policy: &Name, key: &str) -> Self {
        // A name's own colons become dots, so that the first one ends it.
        let name = policy.as_str().replace("::", ".").replace(':', ".");
        let own = name.len() + 1;
        Self { text: format!("{name}:{key}").into(), own }
    }

    /// The caller's key.
    pub(crate) fn own(&self) -> &str {
        &self.text[self.own..]
    }
}

impl Deref for StoreKey {
    type Target = str;

    fn deref(&self) -> &str {
        &self.text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_in_a_store_has_the_policys_name_before_it_and_no_two_policies_share_one() {
        let key = |name: &'static str, key: &str| StoreKey::new(&Name::from_static(name), key);
        assert_eq!(&*key("shop::pay::charge", "o:1"), "shop.pay.charge:o:1");
        assert_eq!(key("shop::pay::charge", "o:1").own(), "o:1");
        assert_ne!(&*key("a", "b:c"), &*key("a:b", "c"));
    }
}
