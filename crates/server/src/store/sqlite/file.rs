//! Creation and locking of the database file.

use std::fs::{File, TryLockError};
use std::path::Path;

use crate::store::StoreError;

/// Creates the file if it does not exist, readable only by its owner: it contains phone numbers and comments.
pub(super) fn create_private(path: &Path) -> Result<(), StoreError> {
    let mut options = File::options();
    options.append(true).create(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path).map(drop).map_err(|error| StoreError::File("cannot be opened".to_owned(), error))
}

/// Locks the file. The lock is on the canonical path, so that symbolic links to a file share its lock.
pub(super) fn lock(path: &Path) -> Result<File, StoreError> {
    let failed = |error| StoreError::File("cannot be locked".to_owned(), error);
    let mut name = path.canonicalize().map_err(failed)?.into_os_string();
    name.push(".lock");
    let file = File::options().create(true).truncate(false).write(true).open(name).map_err(failed)?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(StoreError::InUse),
        Err(TryLockError::Error(error)) => Err(failed(error)),
    }
}
