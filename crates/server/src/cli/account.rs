use std::io::Read as _;

use jiff::Timestamp;
use ringback_api::{AccountSid, Name};
use serde_json::json;

use super::open;
use crate::cli::Failure;
use crate::clock::{Clock as _, SystemClock};
use crate::credentials::AccountRequest;
use crate::store::sqlite::OpenMode;
use crate::store::{AccountId, Store};

#[derive(Debug, clap::Subcommand)]
pub(super) enum Command {
    /// Create an account, or a subaccount.
    Create(Create),
    /// List the accounts, each followed by its subaccounts.
    List(open::Args),
    /// Suspend an account and its subaccounts: their credentials, keys, sessions and tokens stop working.
    Suspend(Suspend),
    /// Reactivate a suspended account.
    Resume(Suspend),
}

#[derive(Debug, clap::Args)]
pub(super) struct Create {
    /// A display name.
    #[arg(long)]
    name: Name,
    /// The parent account, if this is a subaccount.
    #[arg(long, value_name = "AC…")]
    parent: Option<AccountSid>,
    /// Use an existing AccountSid, so that existing client code only needs a new base URL.
    #[arg(long, value_name = "AC…", requires = "auth_token_stdin")]
    sid: Option<AccountSid>,
    /// Read the AuthToken that goes with --sid from standard input.
    #[arg(long, requires = "sid")]
    auth_token_stdin: bool,
    /// Print only JSON.
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    database: open::Args,
}

#[derive(Debug, clap::Args)]
pub(super) struct Suspend {
    /// The AccountSid.
    #[arg(value_name = "AC…")]
    sid: AccountSid,
    #[command(flatten)]
    database: open::Args,
}

pub(super) async fn run(command: Command) -> Result<(), Failure> {
    match command {
        Command::Create(args) => create_and_print(args).await,
        Command::List(database) => list(database).await,
        Command::Suspend(args) => suspend(args, Some(SystemClock.now())).await,
        Command::Resume(args) => suspend(args, None).await,
    }
}

async fn list(database: open::Args) -> Result<(), Failure> {
    let opened = database.open_existing().await?;
    let accounts = opened.store.accounts().await?;
    opened.store.close().await;
    for account in accounts {
        let indent = if account.parent.is_some() { "  " } else { "" };
        let state = if account.is_suspended { "  suspended" } else { "" };
        println!("{indent}{}  {}{state}", account.sid, account.name);
    }
    Ok(())
}

async fn suspend(Suspend { sid, database }: Suspend, since: Option<Timestamp>) -> Result<(), Failure> {
    let opened = database.open_existing().await?;
    let account = opened.store.account(sid).await?.ok_or_else(|| format!("there is no account {sid}"))?;
    opened.store.suspend(account.id, since).await?;
    // Its parent may still be suspended.
    let is_suspended = opened.store.account(sid).await?.is_some_and(|account| account.is_suspended);
    opened.store.close().await;
    println!("{sid} is {}.", if is_suspended { "suspended" } else { "active" });
    Ok(())
}

async fn create_and_print(args: Create) -> Result<(), Failure> {
    let auth_token = if args.auth_token_stdin { Some(read_auth_token()?) } else { None };
    let opened = args.database.open(OpenMode::Command).await?;
    let parent = match args.parent {
        Some(sid) => Some(parent(&opened.store, sid).await?),
        None => None,
    };
    let request = AccountRequest {
        name: args.name.into(),
        parent,
        existing_credentials: args.sid.zip(auth_token),
        is_demo: false,
    };
    let (account, auth_token) = opened.issuer().account(request).await?;
    opened.store.close().await;
    if args.json {
        println!("{}", json!({ "account_sid": account.sid, "auth_token": auth_token }));
    } else {
        println!("AccountSid  {}\nAuthToken   {auth_token}\nThe AuthToken is not shown again.", account.sid);
    }
    Ok(())
}

fn read_auth_token() -> Result<String, Failure> {
    let mut text = String::new();
    std::io::stdin().read_to_string(&mut text)?;
    let token = text.trim();
    if token.len() < 16 || token.len() > 255 || !token.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Err("the AuthToken on standard input must be 16 to 255 printable ASCII characters".into());
    }
    Ok(token.to_owned())
}

async fn parent(store: &dyn Store, sid: AccountSid) -> Result<AccountId, Failure> {
    let account = store.account(sid).await?.ok_or_else(|| format!("there is no account {sid}"))?;
    match account.parent {
        None => Ok(account.id),
        Some(_) => Err(format!("{sid} is a subaccount, and a subaccount cannot have subaccounts").into()),
    }
}
