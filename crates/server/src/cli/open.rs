use std::fmt;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use crate::cli::Failure;
use crate::clock::{SystemClock, SystemEntropy};
use crate::credentials::Issuer;
use crate::store::sqlite::{OpenMode, SqliteStore};
use crate::store::{Store as _, StoreError};
use crate::vault::{IfMissing, Vault};

/// The options that select the database and its key.
#[derive(Debug, Clone, clap::Args)]
#[group(id = "database")]
pub(super) struct Args {
    /// The database: sqlite:// and a path.
    #[arg(long, env = "DATABASE_URL", default_value = "sqlite://ringback.db", value_name = "URL")]
    pub(super) database_url: DatabaseUrl,
    /// The file with the key that encrypts the secrets in the database [default: the database's path with .key
    /// appended]
    #[arg(long, env = "RINGBACK_KEY_FILE", value_name = "FILE")]
    key_file: Option<PathBuf>,
}

/// The path from a URL such as `sqlite://ringback.db`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct DatabaseUrl(PathBuf);

impl fmt::Display for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "sqlite://{}", self.0.display())
    }
}

/// An invalid database URL.
#[derive(Debug, thiserror::Error)]
pub(super) enum DatabaseUrlError {
    #[error("must be sqlite:// and a path, such as sqlite://ringback.db")]
    Scheme,
    #[error("PostgreSQL is not supported by this version; use sqlite:// and a path")]
    Postgres,
}

impl FromStr for DatabaseUrl {
    type Err = DatabaseUrlError;

    fn from_str(text: &str) -> Result<Self, DatabaseUrlError> {
        if text.starts_with("postgres:") || text.starts_with("postgresql:") {
            return Err(DatabaseUrlError::Postgres);
        }
        let path = text.strip_prefix("sqlite://").or_else(|| text.strip_prefix("sqlite:"));
        match path {
            // A question mark would start options, which are not supported; a colon, an in-memory database.
            Some(path) if !path.is_empty() && !path.contains('?') && !path.starts_with(':') => Ok(Self(path.into())),
            _ => Err(DatabaseUrlError::Scheme),
        }
    }
}

/// An open store and the vault that decrypts its secrets.
pub(super) struct Opened {
    pub(super) store: SqliteStore,
    pub(super) vault: Vault,
}

impl Opened {
    pub(super) fn issuer(&self) -> Issuer<'_> {
        Issuer { store: &self.store, vault: &self.vault, entropy: &SystemEntropy, clock: &SystemClock }
    }
}

impl Args {
    /// Opens the database. Creates it, and its key, if it does not exist.
    pub(super) async fn open(&self, mode: OpenMode) -> Result<Opened, Failure> {
        let path = &self.database_url.0;
        let store = SqliteStore::open(path, mode).await.map_err(|error| match error {
            StoreError::InUse => {
                format!("another server is using {}; only one server can use a database file", path.display())
            }
            error => format!("{}: {error}", path.display()),
        })?;
        let first = store.first_account().await?;
        let if_missing = if first.is_none() { IfMissing::Create } else { IfMissing::Fail };
        let key_file = self.key_file();
        let vault = Vault::open(&key_file, if_missing, &SystemEntropy)?;
        // A wrong key would write secrets that the right key cannot decrypt.
        if let Some(account) = first {
            vault.open_sealed(&account.auth_token).map_err(|error| format!("{}: {error}", key_file.display()))?;
        }
        Ok(Opened { store, vault })
    }

    /// Opens a database that must exist.
    pub(super) async fn open_existing(&self) -> Result<Opened, Failure> {
        let path: &Path = &self.database_url.0;
        if !path.exists() {
            let hint = "`ringback serve` creates it, and --database-url selects another one";
            return Err(format!("{} does not exist; {hint}", path.display()).into());
        }
        self.open(OpenMode::Command).await
    }

    fn key_file(&self) -> PathBuf {
        self.key_file.clone().unwrap_or_else(|| {
            let mut name = self.database_url.0.clone().into_os_string();
            name.push(".key");
            name.into()
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn database_urls() {
        assert_eq!("sqlite://a/b.db".parse::<DatabaseUrl>().unwrap().0, Path::new("a/b.db"));
        assert_eq!("sqlite:///a/b.db".parse::<DatabaseUrl>().unwrap().0, Path::new("/a/b.db"));
        for bad in ["", "ringback.db", "sqlite://", "sqlite://a?mode=memory", "sqlite::memory:", "mysql://x"] {
            assert!(matches!(bad.parse::<DatabaseUrl>(), Err(DatabaseUrlError::Scheme)), "{bad}");
        }
        assert!(matches!("postgres://x".parse::<DatabaseUrl>(), Err(DatabaseUrlError::Postgres)));
    }
}
