//! The single writing connection, with group commit.
//!
//! Waiting jobs run together in one transaction, each in its own savepoint, so a failed job does not affect the others.
//! Jobs are answered after the commit: one fsync covers the group, and no answer precedes it.

use futures::future::BoxFuture;
use sqlx::{Connection as _, SqliteConnection};
use tokio::sync::{mpsc, oneshot};
use tokio::task::JoinHandle;

use crate::store::StoreError;

/// A larger group would make its first job wait too long for its last.
const MAX_GROUP: usize = 256;
/// When the queue is full, senders wait, so memory stays bounded.
const QUEUE: usize = 1024;

#[derive(Clone)]
pub(super) struct Writer {
    jobs: mpsc::Sender<Box<dyn Job>>,
}

/// Work for the writing connection, answered once it is on disk.
trait Job: Send {
    fn run<'c>(&'c mut self, conn: &'c mut SqliteConnection) -> BoxFuture<'c, Outcome>;
    /// Reports the result; `committed` is `Err` if the transaction did not become durable.
    fn answer(self: Box<Self>, committed: Result<(), String>);
}

enum Outcome {
    Keep,
    Undo,
}

struct Pending<F, T, C> {
    work: Option<F>,
    /// Called once the work is on disk.
    on_commit: C,
    /// `None` until the work has run.
    result: Option<Result<T, StoreError>>,
    reply: oneshot::Sender<Result<T, StoreError>>,
}

impl<F, T, C> Job for Pending<F, T, C>
where
    F: for<'c> FnOnce(&'c mut SqliteConnection) -> BoxFuture<'c, Result<T, StoreError>> + Send,
    T: Send,
    C: FnOnce() + Send,
{
    fn run<'c>(&'c mut self, conn: &'c mut SqliteConnection) -> BoxFuture<'c, Outcome> {
        Box::pin(async move {
            if let Some(work) = self.work.take() {
                self.result = Some(work(conn).await);
            }
            if matches!(self.result, Some(Ok(_))) { Outcome::Keep } else { Outcome::Undo }
        })
    }

    fn answer(self: Box<Self>, committed: Result<(), String>) {
        let result = match (self.result, committed) {
            (Some(Err(error)), _) => Err(error),
            (Some(Ok(value)), Ok(())) => Ok(value),
            (_, Err(reason)) => Err(StoreError::Commit(reason)),
            (None, Ok(())) => Err(StoreError::Closed),
        };
        if result.is_ok() {
            (self.on_commit)();
        }
        // Fails if the caller has stopped waiting. The work is done either way.
        let _ = self.reply.send(result);
    }
}

impl Writer {
    /// Starts the task that owns the connection. It ends, and closes the connection, when all writers are dropped.
    pub(super) fn start(conn: SqliteConnection) -> (Self, JoinHandle<()>) {
        let (jobs, queue) = mpsc::channel(QUEUE);
        (Self { jobs }, tokio::spawn(write(conn, queue)))
    }

    /// Runs the work in a transaction, and resolves once it is on disk.
    pub(super) async fn run<F, T>(&self, work: F) -> Result<T, StoreError>
    where
        F: for<'c> FnOnce(&'c mut SqliteConnection) -> BoxFuture<'c, Result<T, StoreError>> + Send + 'static,
        T: Send + 'static,
    {
        self.run_and_notify(work, || {}).await
    }

    /// Like [`run`](Self::run), and calls `on_commit` once the work is on disk, even if the caller has stopped waiting.
    pub(super) async fn run_and_notify<F, T>(
        &self,
        work: F,
        on_commit: impl FnOnce() + Send + 'static,
    ) -> Result<T, StoreError>
    where
        F: for<'c> FnOnce(&'c mut SqliteConnection) -> BoxFuture<'c, Result<T, StoreError>> + Send + 'static,
        T: Send + 'static,
    {
        let (reply, answer) = oneshot::channel();
        let job = Pending { work: Some(work), on_commit, result: None, reply };
        self.jobs.send(Box::new(job)).await.map_err(|_| StoreError::Closed)?;
        answer.await.map_err(|_| StoreError::Closed)?
    }
}

async fn write(mut conn: SqliteConnection, mut queue: mpsc::Receiver<Box<dyn Job>>) {
    while let Some(first) = queue.recv().await {
        let mut group = vec![first];
        while group.len() < MAX_GROUP
            && let Ok(next) = queue.try_recv()
        {
            group.push(next);
        }
        let committed = commit(&mut conn, &mut group).await.map_err(|error| error.to_string());
        if committed.is_err() {
            // Fails if SQLite has already rolled back. Either way, no transaction is open afterwards.
            let _ = execute(&mut conn, "ROLLBACK").await;
        }
        for job in group {
            job.answer(committed.clone());
        }
    }
    if let Err(error) = conn.close().await {
        tracing::warn!(%error, "the database was not closed cleanly; it will recover when it is next opened");
    }
}

async fn commit(conn: &mut SqliteConnection, group: &mut [Box<dyn Job>]) -> Result<(), sqlx::Error> {
    execute(conn, "BEGIN IMMEDIATE").await?;
    for job in group {
        execute(conn, "SAVEPOINT job").await?;
        if let Outcome::Undo = job.run(conn).await {
            execute(conn, "ROLLBACK TO job").await?;
        }
        execute(conn, "RELEASE job").await?;
    }
    execute(conn, "COMMIT").await
}

async fn execute(conn: &mut SqliteConnection, sql: &'static str) -> Result<(), sqlx::Error> {
    sqlx::query(sql).execute(conn).await.map(drop)
}

#[cfg(test)]
mod tests {
    use futures::FutureExt as _;

    use super::*;

    async fn writer() -> Writer {
        let mut conn = SqliteConnection::connect("sqlite::memory:").await.unwrap();
        execute(&mut conn, "CREATE TABLE t (n INTEGER PRIMARY KEY) STRICT").await.unwrap();
        Writer::start(conn).0
    }

    fn insert(n: i64) -> impl for<'c> FnOnce(&'c mut SqliteConnection) -> BoxFuture<'c, Result<(), StoreError>> {
        move |conn| {
            Box::pin(async move {
                sqlx::query("INSERT INTO t VALUES (?)").bind(n).execute(conn).await?;
                Ok(())
            })
        }
    }

    async fn rows(writer: &Writer) -> Vec<i64> {
        let sql = "SELECT n FROM t ORDER BY n";
        writer
            .run(move |conn| Box::pin(async move { Ok(sqlx::query_scalar(sql).fetch_all(conn).await?) }))
            .await
            .unwrap()
    }

    #[tokio::test]
    async fn a_failed_job_does_not_affect_its_group() {
        let writer = writer().await;
        let (a, b, c, d) = tokio::join!(
            writer.run(insert(1)),
            writer.run(insert(1)),
            writer.run(insert(2)),
            // Undone as a whole, including its first row.
            writer.run(|conn| Box::pin(async move {
                sqlx::query("INSERT INTO t VALUES (3)").execute(&mut *conn).await?;
                insert(2)(conn).await
            })),
        );
        assert!(a.is_ok() && c.is_ok());
        assert!(matches!(b, Err(StoreError::Database(_))) && matches!(d, Err(StoreError::Database(_))));
        assert_eq!(rows(&writer).await, [1, 2]);
    }

    #[tokio::test]
    async fn a_failed_commit_fails_its_whole_group() {
        let writer = writer().await;
        // A foreign key that is checked at the commit.
        writer
            .run(|conn| {
                Box::pin(async move {
                    let sql = "CREATE TABLE u (n INTEGER REFERENCES t (n) DEFERRABLE INITIALLY DEFERRED) STRICT";
                    Ok(execute(conn, sql).await?)
                })
            })
            .await
            .unwrap();
        let (a, b) = tokio::join!(
            writer.run(insert(1)),
            writer.run(|conn| Box::pin(async move { Ok(execute(conn, "INSERT INTO u VALUES (99)").await?) })),
        );
        assert!(matches!(a, Err(StoreError::Commit(_))), "{a:?}");
        assert!(matches!(b, Err(StoreError::Commit(_))), "{b:?}");
        assert_eq!(rows(&writer).await, [0; 0]);
        writer.run(insert(2)).await.unwrap();
        assert_eq!(rows(&writer).await, [2]);
    }

    #[tokio::test]
    async fn work_is_done_even_if_its_caller_stops_waiting() {
        let writer = writer().await;
        // Queues the work, and stops waiting before the writer runs.
        let (notify, committed) = oneshot::channel();
        assert!(writer.run_and_notify(insert(1), || notify.send(()).unwrap()).now_or_never().is_none());
        committed.await.unwrap();
        assert_eq!(rows(&writer).await, [1]);
        let (notify, committed) = oneshot::channel::<()>();
        assert!(writer.run_and_notify(insert(1), || notify.send(()).unwrap()).await.is_err());
        assert!(committed.await.is_err(), "nothing was committed");
    }
}
