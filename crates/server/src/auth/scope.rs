use std::fmt;
use std::str::FromStr;

/// What an API key may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Scope {
    /// Make rating tokens.
    Mint,
    /// Report calls and ratings.
    Ingest,
    /// Read everything of the account.
    Read,
    /// All of these, and settings.
    Admin,
}

impl Scope {
    const ALL: [Self; 4] = [Self::Mint, Self::Ingest, Self::Read, Self::Admin];

    const fn as_str(self) -> &'static str {
        match self {
            Self::Mint => "mint",
            Self::Ingest => "ingest",
            Self::Read => "read",
            Self::Admin => "admin",
        }
    }
}

impl fmt::Display for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// One or more scopes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Scopes(u8);

/// The text is not a list of scopes.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("a scope must be one of mint, ingest, read, admin (several with commas between), got '{0}'")]
pub struct UnknownScope(String);

impl Scopes {
    /// What an AuthToken may do.
    pub const ALL: Self = Self(1 << Scope::Admin as u8);

    /// Whether these allow what the scope allows; admin allows everything.
    #[must_use]
    pub const fn cover(self, scope: Scope) -> bool {
        self.0 & (1 << scope as u8 | 1 << Scope::Admin as u8) != 0
    }
}

impl fmt::Display for Scopes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<_> =
            Scope::ALL.into_iter().filter(|&scope| self.0 & (1 << scope as u8) != 0).map(Scope::as_str).collect();
        f.write_str(&names.join(","))
    }
}

impl FromStr for Scopes {
    type Err = UnknownScope;

    fn from_str(text: &str) -> Result<Self, UnknownScope> {
        text.split(',').map(str::trim).try_fold(Self(0), |scopes, name| {
            let scope = Scope::ALL.into_iter().find(|scope| scope.as_str() == name);
            let scope = scope.ok_or_else(|| UnknownScope(name.to_owned()))?;
            Ok(Self(scopes.0 | 1 << scope as u8))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_covers_itself_and_admin_covers_all() {
        let some: Scopes = "read, mint".parse().unwrap();
        assert_eq!(Scope::ALL.map(|scope| some.cover(scope)), [true, false, true, false]);
        assert_eq!(Scope::ALL.map(|scope| Scopes::ALL.cover(scope)), [true; 4]);
        assert_eq!(some.to_string(), "mint,read");
        assert_eq!("".parse::<Scopes>(), Err(UnknownScope(String::new())));
        assert_eq!("read,write".parse::<Scopes>(), Err(UnknownScope("write".into())));
    }
}
