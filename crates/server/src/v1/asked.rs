//! `POST /v1/accounts/{AC}/calls/{call}/asked`: the widget asked the party of a leg.

use axum::extract::{Path, State};
use axum::http::StatusCode;

use super::problem::Problem;
use crate::app::App;
use crate::auth::{self, Caller, LegPath, Scope};

pub(super) async fn mark(
    State(app): State<App>,
    Path((account, call)): Path<(String, String)>,
    caller: Caller,
) -> Result<StatusCode, Problem> {
    let path = LegPath { account: &account, call: &call };
    let leg = auth::authorize(&app, &caller, None, path, Scope::Ingest).await?;
    if app.store.mark_asked(leg.into(), app.clock.now()).await? {
        Ok(StatusCode::NO_CONTENT)
    } else {
        Err(Problem::not_found())
    }
}
