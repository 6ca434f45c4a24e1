use super::read::Room;
use crate::{errors::Errors, options::check_handle, stack::Head};

impl Room {
    pub(super) fn check_options(&self, head: &Head, errors: &mut Errors) {
        let options = &self.options;
        match (&head.name, &options.with) {
            (None, None) if !options.mentions("with") => errors.add(syn::Error::new(
                head.span,
                "which cache? write its name, `#[cache_evict(\"users\", key = id)]`, as on its `#[cached(\"users\", …)]`",
            )),
            (Some(_), Some(with)) => {
                errors.at(&with.key, "`with` brings its own cache: leave out the name or `with`");
            }
            _ => {}
        }
        if let Some(store) = &options.store {
            check_handle(&store.value.0, errors);
        }
        match (&options.key, &options.all) {
            (None, None) if !options.mentions("key") && !options.mentions("all") => {
                errors.add(syn::Error::new(
                    head.span,
                    "what is to be evicted? write `key = id`, or `all` for everything in the cache",
                ))
            }
            (Some(_), Some(all)) => {
                errors.at(&all.key, "`all` evicts every key: leave out `key` or `all`");
            }
            _ => {}
        }
    }
}
