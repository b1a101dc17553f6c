use ringback_api::{AccountSid, KeySid};
use serde_json::json;

use super::open;
use crate::auth::Scopes;
use crate::cli::Failure;
use crate::clock::{Clock as _, Entropy, SystemClock, SystemEntropy};
use crate::store::{NewApiKey, Store as _};

#[derive(Debug, clap::Subcommand)]
pub(super) enum Command {
    /// Create an API key.
    Create(Create),
}

#[derive(Debug, clap::Args)]
pub(super) struct Create {
    /// Whose key it is.
    #[arg(long, value_name = "AC…")]
    account: AccountSid,
    /// What it may do: mint, ingest, read, admin; several with commas between.
    #[arg(long)]
    scope: Scopes,
    /// For people.
    #[arg(long, default_value = "")]
    name: String,
    /// Print JSON and nothing else.
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    database: open::Args,
}

pub(super) async fn run(command: Command) -> Result<(), Failure> {
    let Command::Create(args) = command;
    let opened = args.database.open_existing().await?;
    let account = opened.store.account(args.account).await?;
    let account = account.ok_or_else(|| format!("there is no account {}", args.account))?;
    let entropy: &dyn Entropy = &SystemEntropy;
    let sid = KeySid::from_bytes(entropy.sid_bytes()?);
    let secret = hex::encode(entropy.bytes()?);
    let sealed = opened.vault.seal(&secret, entropy)?;
    let new = NewApiKey { sid, account: account.id, name: args.name, scopes: args.scope, secret: sealed };
    opened.store.create_api_key(new, SystemClock.now()).await?;
    opened.store.close().await;
    if args.json {
        println!("{}", json!({ "sid": sid, "secret": secret }));
    } else {
        println!("Sid     {sid}\nSecret  {secret}\nThe secret is not shown again.");
    }
    Ok(())
}
