/// Declares an enum whose variants are strings on the wire.
///
/// Each variant and its wire name are written once. The enum gets `ALL`, `as_str`, `Display`, serde's traits and its
/// OpenAPI schema; the attributes on the enum can derive more. With `: FromStr<Err = SomeError>` after its name, the
/// enum can also be parsed, and the macro declares that error.
///
/// The error has no size: code that discards it, as the widget does, does not pay for its text.
///
/// ```text
/// string_enum! {
///     /// The order in which calls are listed.
///     pub enum Order: FromStr<Err = OrderError> {
///         /// By start, latest first.
///         Newest = "newest",
///         /// By start, earliest first.
///         Oldest = "oldest",
///     }
/// }
/// ```
// The names are `tt` because utoipa does not see a `literal` of another macro.
macro_rules! string_enum {
    (
        $(#[$attribute:meta])*
        $visibility:vis enum $name:ident: FromStr<Err = $error:ident> {
            $(#[$first_attribute:meta])* $first:ident = $first_wire:tt,
            $($(#[$variant_attribute:meta])* $variant:ident = $wire:tt,)*
        }
    ) => {
        $crate::string_enum::string_enum! {
            $(#[$attribute])*
            $visibility enum $name {
                $(#[$first_attribute])* $first = $first_wire,
                $($(#[$variant_attribute])* $variant = $wire,)*
            }
        }

        impl std::str::FromStr for $name {
            type Err = $error;

            fn from_str(text: &str) -> Result<Self, $error> {
                Self::ALL.into_iter().find(|value| value.as_str() == text).ok_or($error)
            }
        }

        #[doc = concat!("The text is not the name of any [`", stringify!($name), "`].")]
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        $visibility struct $error;

        impl std::fmt::Display for $error {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(concat!("must be one of ", $first_wire $(, ", ", $wire)*))
            }
        }

        impl std::error::Error for $error {}
    };
    (
        $(#[$attribute:meta])*
        $visibility:vis enum $name:ident {
            $($(#[$variant_attribute:meta])* $variant:ident = $wire:tt,)+
        }
    ) => {
        $(#[$attribute])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
        #[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
        $visibility enum $name {
            $($(#[$variant_attribute])* #[serde(rename = $wire)] $variant,)+
        }

        impl $name {
            /// All values, as they are declared.
            $visibility const ALL: [Self; [$($wire),+].len()] = [$(Self::$variant),+];

            /// The name on the wire.
            #[must_use]
            $visibility const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $wire,)+
                }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.as_str())
            }
        }
    };
}

pub(crate) use string_enum;

#[cfg(test)]
mod tests {
    string_enum! {
        /// A colour.
        #[derive(PartialOrd, Ord)]
        enum Colour: FromStr<Err = ColourError> {
            /// Light blue.
            SkyBlue = "sky-blue",
            /// Red.
            Red = "RED",
        }
    }

    #[test]
    fn each_value_has_one_name_in_every_format() {
        assert_eq!(Colour::ALL, [Colour::SkyBlue, Colour::Red]);
        for (colour, name) in [(Colour::SkyBlue, "sky-blue"), (Colour::Red, "RED")] {
            assert_eq!((colour.as_str(), colour.to_string().as_str()), (name, name));
            assert_eq!(name.parse(), Ok(colour));
            assert_eq!(serde_json::to_value(colour).unwrap(), name);
            assert_eq!(serde_json::from_value::<Colour>(name.into()).unwrap(), colour);
        }
    }

    #[test]
    fn another_name_is_refused_with_the_list_of_names() {
        for bad in ["", "red", "sky-blue ", "SkyBlue"] {
            assert_eq!(bad.parse::<Colour>(), Err(ColourError));
            assert!(serde_json::from_value::<Colour>(bad.into()).is_err());
        }
        assert_eq!(ColourError.to_string(), "must be one of sky-blue, RED");
    }

    #[test]
    fn the_attributes_of_the_enum_can_derive_more() {
        assert!(Colour::SkyBlue < Colour::Red);
    }
}
