use ringback_api::{AccountSid, KeySid, Scopes};
use serde_json::json;

use super::open;
use crate::cli::Failure;
use crate::clock::{Clock as _, SystemClock};
use crate::store::sqlite::SqliteStore;
use crate::store::{Account, ListedKey, Store as _};

#[derive(Debug, clap::Subcommand)]
pub(super) enum Command {
    /// Create an API key.
    Create(Create),
    /// List the API keys of an account, without their secrets.
    List(List),
    /// Revoke an API key and every rating token that it signed.
    Revoke(Revoke),
}

#[derive(Debug, clap::Args)]
pub(super) struct Create {
    /// The account that the key belongs to.
    #[arg(long, value_name = "AC…")]
    account: AccountSid,
    /// What the key may do: a comma-separated list of mint, ingest, read and admin.
    #[arg(long)]
    scope: Scopes,
    /// A display name.
    #[arg(long, default_value = "")]
    name: String,
    /// Print only JSON.
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    database: open::Args,
}

#[derive(Debug, clap::Args)]
pub(super) struct List {
    /// The account whose keys are listed.
    #[arg(long, value_name = "AC…")]
    account: AccountSid,
    #[command(flatten)]
    database: open::Args,
}

#[derive(Debug, clap::Args)]
pub(super) struct Revoke {
    /// The sid of the key.
    #[arg(value_name = "SK…")]
    sid: KeySid,
    #[command(flatten)]
    database: open::Args,
}

pub(super) async fn run(command: Command) -> Result<(), Failure> {
    match command {
        Command::Create(args) => create(args).await,
        Command::List(args) => list(args).await,
        Command::Revoke(args) => revoke(args).await,
    }
}

async fn create(args: Create) -> Result<(), Failure> {
    let opened = args.database.open_existing().await?;
    let account = account(&opened.store, args.account).await?;
    let (ListedKey { sid, .. }, secret) = opened.issuer().key(account.id, args.name, args.scope).await?;
    opened.store.close().await;
    if args.json {
        println!("{}", json!({ "sid": sid, "secret": secret }));
    } else {
        println!("Sid     {sid}\nSecret  {secret}\nThe secret is not shown again.");
    }
    Ok(())
}

async fn list(args: List) -> Result<(), Failure> {
    let opened = args.database.open_existing().await?;
    let account = account(&opened.store, args.account).await?;
    let keys = opened.store.api_keys(account.id).await?;
    opened.store.close().await;
    if keys.is_empty() {
        println!("{} has no API keys.", args.account);
    }
    for key in keys {
        let state = key.revoked_at.map_or_else(String::new, |at| format!("  revoked {at:.0}"));
        println!("{}  {:<24}  created {:.0}{state}  {}", key.sid, key.scopes.to_string(), key.created_at, key.name);
    }
    Ok(())
}

async fn revoke(args: Revoke) -> Result<(), Failure> {
    let opened = args.database.open_existing().await?;
    let revoked = opened.store.revoke_api_key(args.sid, SystemClock.now()).await?;
    opened.store.close().await;
    if revoked {
        println!("{} and the tokens that it signed are revoked.", args.sid);
        Ok(())
    } else {
        Err(format!("there is no API key {}, or it is already revoked", args.sid).into())
    }
}

async fn account(store: &SqliteStore, sid: AccountSid) -> Result<Account, Failure> {
    Ok(store.account(sid).await?.ok_or_else(|| format!("there is no account {sid}"))?)
}
