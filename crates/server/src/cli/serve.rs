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
use crate::auth::session;
use crate::cli::Failure;
use crate::clock::{Clock, SystemClock, SystemEntropy};
use crate::credentials::AccountRequest;
use crate::limits::Limits;
use crate::listen::{self, Timeouts};
use crate::outbound::{self, AddressPolicy, Outbound};
use crate::router::router;
use crate::store::Account;
use crate::store::sqlite::OpenMode;
use crate::{demo, jobs, web};

/// Time that requests and jobs have to finish after SIGTERM.
const GRACE: Duration = Duration::from_secs(10);

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The address and port to listen on; port 0 picks a free port.
    #[arg(long, env = "RINGBACK_LISTEN", default_value = "127.0.0.1:8080", value_name = "ADDRESS")]
    listen: SocketAddr,
    /// The URL under which browsers reach this server; https makes its cookies Secure [default: http:// and the listen
    /// address]
    #[arg(long, env = "RINGBACK_PUBLIC_URL", value_name = "URL", value_parser = public_url)]
    public_url: Option<Url>,
    /// Allow StatusCallbacks to private addresses. Account holders can then reach any server that this machine can
    /// reach.
    #[arg(long, env = "RINGBACK_ALLOW_PRIVATE_CALLBACKS", value_parser = FalseyValueParser::new())]
    allow_private_callbacks: bool,
    /// Fill a new database with four months of generated calls, and serve a page at /demo that acts as a softphone.
    #[arg(long)]
    demo: bool,
    #[command(flatten)]
    database: open::Args,
}

pub(super) async fn run(args: Args) -> Result<(), Failure> {
    let Opened { store, vault } = args.database.open(OpenMode::Server).await?;
    let listener = TcpListener::bind(args.listen).await.map_err(|error| {
        format!("cannot listen on {}: {error}; use --listen to choose another address", args.listen)
    })?;
    let public_url = match args.public_url {
        Some(url) => url,
        None => browsable(listener.local_addr()?)?,
    };
    let (stop, stopped) = watch::channel(());
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    let reachable = if args.allow_private_callbacks { AddressPolicy::Any } else { AddressPolicy::PublicOnly };
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
    web::keep_widget_files(&app).await?;
    let account = first_account(&app).await?;
    if args.demo {
        if !account.is_demo {
            return Err("--demo adds generated calls, and the account in this database is a real one; \
                        use --database-url to give the demo its own database"
                .into());
        }
        let calls = demo::load(&app, account.id).await?;
        if calls > 0 {
            println!("Loaded {calls} generated calls.");
        }
    }
    print_addresses(&app, &account, &args.database).await?;

    tokio::spawn(async move {
        match wait_for_signal().await {
            Ok(()) => drop(stop),
            Err(error) => {
                tracing::error!(%error, "cannot listen for signals");
                std::future::pending::<()>().await;
            }
        }
    });
    let until_stopped = |mut stopped: watch::Receiver<()>| async move {
        // `changed` fails once the sender is dropped, which is the stop signal.
        let _ = stopped.changed().await;
    };
    let mut jobs = jobs::start(&app, &stopped);
    let serving = listen::serve(listener, router(app.clone()), Timeouts::default(), until_stopped(stopped.clone()));
    let all = async {
        serving.await;
        while let Some(ended) = jobs.join_next().await {
            if let Err(error) = ended {
                tracing::error!(%error, "a background job failed");
            }
        }
    };
    let deadline = async {
        until_stopped(stopped).await;
        tokio::time::sleep(GRACE).await;
    };
    tokio::select! {
        () = all => {}
        () = deadline => tracing::warn!("requests or jobs were still running {} s after the signal", GRACE.as_secs()),
    }
    app.store.close().await;
    println!("Stopped.");
    Ok(())
}

/// Waits for SIGTERM or Ctrl-C.
async fn wait_for_signal() -> std::io::Result<()> {
    let mut terminate = signal(SignalKind::terminate())?;
    tokio::select! {
        _ = terminate.recv() => Ok(()),
        result = tokio::signal::ctrl_c() => result,
    }
}

/// Returns the first account. In a new database, creates it and prints its credentials, once.
async fn first_account(app: &App) -> Result<Account, Failure> {
    if let Some(account) = app.store.first_account().await? {
        return Ok(account);
    }
    let name = if app.demo { "Demo Company" } else { "Main account" }.to_owned();
    let request = AccountRequest { name, parent: None, existing_credentials: None, is_demo: app.demo };
    let (account, auth_token) = app.issuer().account(request).await?;
    println!("Created a database with one account. Its AuthToken is not shown again:\n");
    println!("  AccountSid  {}\n  AuthToken   {auth_token}\n", account.sid);
    Ok(account)
}

async fn print_addresses(app: &App, account: &Account, database: &open::Args) -> Result<(), Failure> {
    let url = &app.public_url;
    if app.demo {
        let code = session::create_code(app, account).await?;
        println!("  Dashboard   {url}sign-in/{code}  (signs you in once)");
        println!("  Softphone   {url}demo/");
    } else {
        println!("  Dashboard   {url}");
    }
    println!("  API         {}  (the base URL for Twilio's client libraries)", url.as_str().trim_end_matches('/'));
    println!("  Reference   {url}docs");
    println!("  Account     {}\n  Database    {}\n", account.sid, database.database_url);
    println!("Ringback {} is listening; press Ctrl-C to stop it.", env!("CARGO_PKG_VERSION"));
    Ok(())
}

/// Parses a URL of scheme, host, and optionally port and path. Its path ends in a slash, so that paths can be appended.
fn public_url(text: &str) -> Result<Url, String> {
    let mut url: Url = text.parse().map_err(|error| format!("{error}"))?;
    let is_web = matches!(url.scheme(), "http" | "https") && url.username().is_empty() && url.password().is_none();
    if !is_web || url.query().is_some() || url.fragment().is_some() {
        return Err("must be http:// or https:// and a host, such as https://ringback.example".to_owned());
    }
    if !url.path().ends_with('/') {
        url.set_path(&format!("{}/", url.path()));
    }
    Ok(url)
}

/// The URL for a browser on this machine; an unspecified address becomes the loopback address.
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
    fn a_public_url_is_an_origin_and_perhaps_a_path() {
        for (text, url) in [
            ("https://ringback.example", "https://ringback.example/"),
            ("http://localhost:8080/", "http://localhost:8080/"),
            ("https://a/b", "https://a/b/"),
            ("https://a/b/", "https://a/b/"),
        ] {
            assert_eq!(public_url(text).unwrap().as_str(), url);
        }
        for bad in ["", "ringback.example", "mailto:x", "https://a?b", "https://a#b", "https://me@a", "https://:me@a"] {
            assert!(public_url(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn an_unspecified_address_is_browsed_on_loopback() {
        assert_eq!(browsable("0.0.0.0:80".parse().unwrap()).unwrap().as_str(), "http://127.0.0.1/");
        assert_eq!(browsable("[::]:81".parse().unwrap()).unwrap().as_str(), "http://[::1]:81/");
        assert_eq!(browsable("10.0.0.1:82".parse().unwrap()).unwrap().as_str(), "http://10.0.0.1:82/");
    }
}
