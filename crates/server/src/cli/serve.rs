use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use clap::builder::FalseyValueParser;
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::watch;
use url::Url;

use super::open::{self, Opened};
use crate::app::App;
use crate::auth::credentials::AccountRequest;
use crate::auth::{Limits, session};
use crate::cli::Failure;
use crate::clock::{Clock, SystemClock, SystemEntropy};
use crate::listen::{self, Patience};
use crate::outbound::{self, Outbound, Reachable};
use crate::store::Account;
use crate::store::sqlite::Use;
use crate::{demo, jobs, web};

/// How long requests under way may take to end after SIGTERM.
const GRACE: Duration = Duration::from_secs(10);

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The address and port to listen on; port 0 takes a free one.
    #[arg(long, env = "RINGBACK_LISTEN", default_value = "127.0.0.1:8080", value_name = "ADDRESS")]
    listen: SocketAddr,
    /// How browsers reach this server; https makes its cookies Secure [default: http:// and the address]
    #[arg(long, env = "RINGBACK_PUBLIC_URL", value_name = "URL", value_parser = public_url)]
    public_url: Option<Url>,
    /// Let StatusCallbacks go to private addresses too: whoever has an account can then reach what this machine reaches.
    #[arg(long, env = "RINGBACK_ALLOW_PRIVATE_CALLBACKS", value_parser = FalseyValueParser::new())]
    allow_private_callbacks: bool,
    /// Fill a new database with some months of made-up calls, and serve a page that plays a softphone at /demo.
    #[arg(long)]
    demo: bool,
    #[command(flatten)]
    database: open::Args,
}

pub(super) async fn run(args: Args) -> Result<(), Failure> {
    let Opened { store, vault } = args.database.open(Use::Server).await?;
    let listener = TcpListener::bind(args.listen)
        .await
        .map_err(|error| format!("cannot listen on {}: {error}; --listen takes another address", args.listen))?;
    let public_url = match args.public_url {
        Some(url) => url,
        None => browsable(listener.local_addr()?)?,
    };
    let (stop, stopped) = watch::channel(());
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    let reachable = if args.allow_private_callbacks { Reachable::All } else { Reachable::Public };
    let app = App {
        store: Arc::new(store),
        vault: Arc::new(vault),
        limits: Arc::new(Limits::new(&clock)),
        clock,
        entropy: Arc::new(SystemEntropy),
        outbound: Arc::new(Outbound::new(reachable, outbound::TIME_LIMIT)),
        wake: Arc::default(),
        stop: stopped.clone(),
        public_url: Arc::new(public_url),
        demo: args.demo,
    };
    web::keep_widget(&app).await?;
    let account = first_account(&app).await?;
    if args.demo {
        if !account.is_demo {
            return Err("--demo makes calls up, and the account in this database is a real one; \
                        give it a database of its own with --database-url"
                .into());
        }
        let calls = demo::load(&app, account.id).await?;
        if calls > 0 {
            println!("{calls} made-up calls loaded.");
        }
    }
    print_addresses(&app, &account, &args.database).await?;

    tokio::spawn(async move {
        match wait_for_signal().await {
            Ok(()) => drop(stop),
            Err(error) => {
                tracing::error!(%error, "signals cannot be received");
                std::future::pending::<()>().await;
            }
        }
    });
    let until_stopped = |mut stopped: watch::Receiver<()>| async move {
        // An error says that the sender is gone, which is the signal.
        let _ = stopped.changed().await;
    };
    let mut jobs = jobs::start(&app, &stopped);
    let serving = listen::serve(listener, app.clone().router(), Patience::default(), until_stopped(stopped.clone()));
    let all = async {
        serving.await;
        while let Some(ended) = jobs.join_next().await {
            if let Err(error) = ended {
                tracing::error!(%error, "a job broke off");
            }
        }
    };
    let deadline = async {
        until_stopped(stopped).await;
        tokio::time::sleep(GRACE).await;
    };
    tokio::select! {
        () = all => {}
        () = deadline => tracing::warn!("requests or jobs were still under way {} s after the signal", GRACE.as_secs()),
    }
    app.store.close().await;
    println!("Stopped.");
    Ok(())
}

/// SIGTERM or Ctrl-C.
async fn wait_for_signal() -> std::io::Result<()> {
    let mut terminate = signal(SignalKind::terminate())?;
    tokio::select! {
        _ = terminate.recv() => Ok(()),
        result = tokio::signal::ctrl_c() => result,
    }
}

/// The account that is there, or a new one, whose credentials are printed this once.
async fn first_account(app: &App) -> Result<Account, Failure> {
    if let Some(account) = app.store.first_account().await? {
        return Ok(account);
    }
    let name = if app.demo { "Demo Company" } else { "Main account" }.to_owned();
    let request = AccountRequest { name, parent: None, brought_along: None, is_demo: app.demo };
    let (account, auth_token) = app.issuer().account(request).await?;
    println!("A new database with one account. Its AuthToken is not shown again:\n");
    println!("  AccountSid  {}\n  AuthToken   {auth_token}\n", account.sid);
    Ok(account)
}

async fn print_addresses(app: &App, account: &Account, database: &open::Args) -> Result<(), Failure> {
    let url = &app.public_url;
    if app.demo {
        let code = session::create_code(app, account).await?;
        println!("  Dashboard   {url}sign-in/{code}  (signs you in, once)");
        println!("  Softphone   {url}demo/");
    } else {
        println!("  Dashboard   {url}");
    }
    println!("  API         {}  (the base URL for Twilio's clients)", url.as_str().trim_end_matches('/'));
    println!("  Reference   {url}docs");
    println!("  Account     {}\n  Database    {}\n", account.sid, database.database_url);
    println!("Ringback {} is listening; Ctrl-C stops it.", env!("CARGO_PKG_VERSION"));
    Ok(())
}

/// A URL that browsers can have as an origin.
fn public_url(text: &str) -> Result<Url, String> {
    let url: Url = text.parse().map_err(|error| format!("{error}"))?;
    let is_origin = matches!(url.scheme(), "http" | "https") && url.path() == "/" && url.query().is_none();
    if is_origin && url.fragment().is_none() && url.username().is_empty() {
        Ok(url)
    } else {
        Err("must be http:// or https:// and a host, such as https://ringback.example".to_owned())
    }
}

/// The URL of this machine's browser for an address that may mean every interface.
fn browsable(mut address: SocketAddr) -> Result<Url, url::ParseError> {
    match address.ip() {
        ip if !ip.is_unspecified() => {}
        IpAddr::V4(_) => address.set_ip(Ipv4Addr::LOCALHOST.into()),
        IpAddr::V6(_) => address.set_ip(Ipv6Addr::LOCALHOST.into()),
    }
    Url::parse(&format!("http://{address}/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_public_url_is_an_origin() {
        assert_eq!(public_url("https://ringback.example").unwrap().as_str(), "https://ringback.example/");
        assert!(public_url("http://localhost:8080/").is_ok());
        for bad in ["", "ringback.example", "mailto:x", "https://a/b", "https://a?b", "https://a#b", "https://me@a"] {
            assert!(public_url(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn every_interface_is_browsed_on_this_one() {
        assert_eq!(browsable("0.0.0.0:80".parse().unwrap()).unwrap().as_str(), "http://127.0.0.1/");
        assert_eq!(browsable("[::]:81".parse().unwrap()).unwrap().as_str(), "http://[::1]:81/");
        assert_eq!(browsable("10.0.0.1:82".parse().unwrap()).unwrap().as_str(), "http://10.0.0.1:82/");
    }
}
