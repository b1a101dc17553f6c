//! `--demo`: four months of generated calls to look at, and simulated calls to rate.

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
    Router::new().route("/demo/calls", post(simulate_call)).layer(CorsLayer::permissive())
}

#[derive(Deserialize)]
struct SimulatedCall {
    /// Seconds.
    #[serde(default)]
    duration: u16,
    direction: Option<Direction>,
}

#[derive(Serialize)]
struct SimulatedCallToken {
    account_sid: AccountSid,
    call_sid: CallSid,
    call: String,
    token: String,
}

/// `POST /demo/calls`: records a simulated call that just ended, and mints a token to rate it.
async fn simulate_call(State(app): State<App>, Json(simulated): Json<SimulatedCall>) -> Response {
    match create_call(&app, &simulated).await {
        Ok(minted) => Json(minted).into_response(),
        Err(error) => {
            tracing::error!(%error, "a simulated call failed");
            (StatusCode::INTERNAL_SERVER_ERROR, "The call could not be recorded; the log says why.\n").into_response()
        }
    }
}

async fn create_call(
    app: &App,
    simulated: &SimulatedCall,
) -> Result<SimulatedCallToken, Box<dyn std::error::Error + Send + Sync>> {
    let account = app.store.first_account().await?.ok_or("there is no account")?;
    let sid = CallSid::from_bytes(app.entropy.sid_bytes()?);
    let now = app.clock.now();
    let call = Call {
        leg: Leg::Native(sid),
        started_at: now - SignedDuration::from_secs(simulated.duration.into()),
        duration: Some(simulated.duration.into()),
        direction: simulated.direction,
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
        direction: simulated.direction,
        labels: Labels::default(),
        expires_in: None,
        link: false,
    };
    let token = rating_token::mint(app, &account, request)?.token;
    Ok(SimulatedCallToken { account_sid: account.sid, call_sid: sid, call: sid.to_string(), token })
}
