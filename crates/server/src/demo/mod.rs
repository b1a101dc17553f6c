//! `--demo`: some months of calls to look at, and pretend calls to rate.

mod history;

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use axum::{Json, Router};
use jiff::SignedDuration;
use ringback_api::{AccountSid, Call, CallSid, CallStatus, Direction, Labels, Leg, MintRequest, Name};
use serde::{Deserialize, Serialize};
use tower_http::cors::CorsLayer;

use crate::app::App;
use crate::auth::rating_token;
use crate::store::ReportedCall;
pub(crate) use history::load;

pub(crate) fn router() -> Router<App> {
    Router::new().route("/demo/calls", post(call)).layer(CorsLayer::permissive())
}

#[derive(Deserialize)]
struct PretendCall {
    /// In seconds.
    #[serde(default)]
    duration: u16,
    direction: Option<Direction>,
}

#[derive(Serialize)]
struct Minted {
    account_sid: AccountSid,
    call_sid: CallSid,
    call: String,
    token: String,
}

/// `POST /demo/calls`: notes a pretend call that just ended, and makes a token to rate it.
async fn call(State(app): State<App>, Json(pretend): Json<PretendCall>) -> Response {
    match place(&app, &pretend).await {
        Ok(minted) => Json(minted).into_response(),
        Err(error) => {
            tracing::error!(%error, "a pretend call failed");
            (StatusCode::INTERNAL_SERVER_ERROR, "The call could not be noted; the log says why.\n").into_response()
        }
    }
}

async fn place(app: &App, pretend: &PretendCall) -> Result<Minted, Box<dyn std::error::Error + Send + Sync>> {
    let account = app.store.first_account().await?.ok_or("there is no account")?;
    let sid = CallSid::from_bytes(app.entropy.sid_bytes()?);
    let now = app.clock.now();
    let call = Call {
        leg: Leg::Native(sid),
        started_at: now - SignedDuration::from_secs(pretend.duration.into()),
        duration: Some(pretend.duration.into()),
        direction: pretend.direction,
        from: None,
        to: None,
        status: Some(CallStatus::Completed),
        labels: Labels::default(),
    };
    app.store.record_calls(account.id, vec![ReportedCall { sid, call, callers: Vec::new() }], now).await?;
    let name: Name = sid.to_string().parse()?;
    let request = MintRequest {
        call: name,
        party: None,
        started_at: None,
        direction: pretend.direction,
        labels: Labels::default(),
        expires_in: None,
        link: false,
    };
    let token = rating_token::mint(app, &account, request)?.token;
    Ok(Minted { account_sid: account.sid, call_sid: sid, call: sid.to_string(), token })
}
