//! What the configurations of all kinds do in the same way.

/// What makes a policy of a configuration: `build`, `register`, and for constants `checked`.
///
/// `made!(Config => Policy::new)` writes all three by the configuration's `check`. `made!(Config: check_keyed, build_keyed,
/// register_keyed => Keyed::new)` writes the first two, where one configuration makes several kinds. What follows stands in
/// their documentation.
macro_rules! made {
    ($config:ident => $policy:ident::$make:ident $(, $more:literal)*) => {
        $crate::registry::made!($config: check, build, register => $policy::$make $(, $more)*);

        impl $config {
            /// For constants: a configuration that makes no sense does not compile.
            #[doc(hidden)]
            #[must_use]
            #[allow(clippy::panic, reason = "evaluated in a const, where it is a compile error with this text")]
            pub const fn checked(self) -> Self {
                match self.check() {
                    Ok(()) => self,
                    Err(error) => panic!("{}", error.problem()),
                }
            }
        }
    };
    ($config:ident: $check:ident, $build:ident, $register:ident => $policy:ident::$make:ident $(, $more:literal)*) => {
        impl $config {
            #[doc = concat!("A [`", stringify!($policy), "`] of its own, not found by its name." $(, " ", $more)*)]
            ///
            /// # Errors
            /// See [`check`](Self::check).
            pub fn $build(self, name: impl Into<$crate::Name>) -> Result<$policy, $crate::ConfigError> {
                self.$check()?;
                Ok($policy::$make(name.into(), self))
            }

            #[doc = concat!(
                "The [`", stringify!($policy), "`] that everybody shares who says this name, made with this configuration if it \
                 is the first." $(, " ", $more)*
            )]
            ///
            /// # Errors
            /// See [`check`](Self::check).
            pub fn $register(
                self,
                name: impl Into<$crate::Name>,
            ) -> Result<&'static $policy, $crate::ConfigError> {
                $crate::registry::register(self.$build(name))
            }
        }
    };
}

pub(crate) use made;
