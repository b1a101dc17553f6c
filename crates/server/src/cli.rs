//! The command line.

mod account;
mod key;
mod open;
mod serve;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::openapi;
use crate::store::Store as _;

/// An error that ends a command; `main` prints it.
pub type Failure = Box<dyn std::error::Error + Send + Sync>;

#[derive(Debug, Parser)]
#[command(name = "ringback", version, about)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Run the server.
    Serve(serve::Args),
    /// Manage accounts and subaccounts.
    #[command(subcommand)]
    Account(account::Command),
    /// Manage API keys.
    #[command(subcommand)]
    Key(key::Command),
    /// Print the OpenAPI description of both APIs.
    Openapi,
    /// Recount the figures behind summaries and charts from the stored calls, and list the differences.
    Verify(open::Args),
}

/// The number of differences that `verify` lists; the total covers all of them.
const MAX_LISTED: usize = 20;

/// Parses the arguments and runs the command.
pub async fn run() -> Result<ExitCode, Failure> {
    match Cli::parse().command {
        Command::Serve(args) => serve::run(args).await.map(|()| ExitCode::SUCCESS),
        Command::Account(command) => account::run(command).await.map(|()| ExitCode::SUCCESS),
        Command::Key(command) => key::run(command).await.map(|()| ExitCode::SUCCESS),
        Command::Openapi => {
            println!("{}", openapi::document().to_pretty_json()?);
            Ok(ExitCode::SUCCESS)
        }
        Command::Verify(args) => verify(args).await,
    }
}

async fn verify(args: open::Args) -> Result<ExitCode, Failure> {
    let opened = args.open_existing().await?;
    let found = opened.store.verify().await?;
    opened.store.close().await;
    for difference in found.differences.iter().take(MAX_LISTED) {
        println!("{difference}");
    }
    let verdict = match found.differences.len() {
        0 => "no differences".to_owned(),
        n => format!("{n} differ"),
    };
    println!("{} calls, {} ratings, {} buckets: {verdict}", found.calls, found.ratings, found.buckets);
    Ok(if found.differences.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    #[test]
    fn the_command_line_is_well_formed() {
        super::Cli::command().debug_assert();
    }
}
