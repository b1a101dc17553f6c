use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::string_enum::string_enum;

string_enum! {
    /// A permission of an API key.
    pub enum Scope {
        /// Create and revoke rating tokens.
        Mint = "mint",
        /// Report calls and ratings.
        Ingest = "ingest",
        /// Read everything; create and delete summaries.
        Read = "read",
        /// Everything, including settings.
        Admin = "admin",
    }
}

/// One or more scopes; a list on the wire.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Vec<Scope>", into = "Vec<Scope>")]
pub struct Scopes(u8);

/// The list of scopes is empty.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("must name at least one of mint, ingest, read, admin")]
pub struct NoScope;

impl TryFrom<Vec<Scope>> for Scopes {
    type Error = NoScope;

    fn try_from(scopes: Vec<Scope>) -> Result<Self, NoScope> {
        match scopes.into_iter().fold(0, |bits, scope| bits | 1 << scope as u8) {
            0 => Err(NoScope),
            bits => Ok(Self(bits)),
        }
    }
}

impl From<Scopes> for Vec<Scope> {
    fn from(scopes: Scopes) -> Self {
        scopes.iter().collect()
    }
}

/// The text is not a list of scopes.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("a scope must be one of mint, ingest, read, admin (separate several with commas), got '{0}'")]
pub struct UnknownScope(String);

impl Scopes {
    /// The scopes of an AuthToken.
    pub const ALL: Self = Self(1 << Scope::Admin as u8);

    /// The scopes in this list.
    pub fn iter(self) -> impl Iterator<Item = Scope> {
        Scope::ALL.into_iter().filter(move |&scope| self.0 & (1 << scope as u8) != 0)
    }

    /// Whether these scopes permit what `scope` permits; admin permits everything.
    #[must_use]
    pub const fn cover(self, scope: Scope) -> bool {
        self.0 & (1 << scope as u8 | 1 << Scope::Admin as u8) != 0
    }
}

impl fmt::Display for Scopes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<_> = self.iter().map(Scope::as_str).collect();
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
        assert_eq!(serde_json::to_string(&some).unwrap(), r#"["mint","read"]"#);
        assert_eq!(serde_json::from_str::<Scopes>(r#"["read","mint","read"]"#).unwrap(), some);
        assert!(serde_json::from_str::<Scopes>("[]").unwrap_err().to_string().contains("at least one"));
        assert_eq!("read,write".parse::<Scopes>(), Err(UnknownScope("write".into())));
    }
}
