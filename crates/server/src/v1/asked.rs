//! `POST /v1/accounts/{AC}/calls/{call}/asked`: the widget asked the party of a leg.

use axum::extract::{Request, State};
use axum::http::StatusCode;

use super::problem::{Named, Problem};
use crate::app::App;
use crate::auth::{self, Caller, LegPath, Scope};
use crate::body;

pub(super) async fn mark(
    State(app): State<App>,
    Named((account, call)): Named<(String, String)>,
    caller: Caller,
    request: Request,
) -> Result<StatusCode, Problem> {
    // A beacon cannot set a header; its token comes in a form.
    let pairs = body::form(request).await?;
    let path = LegPath { account: &account, call: &call };
    let leg = auth::authorize(&app, &caller, pairs.first("Token"), path, Scope::Ingest).await?;
    if app.store.mark_asked(leg.into(), app.clock.now()).await? {
        Ok(StatusCode::NO_CONTENT)
    } else {
        Err(Problem::not_found())
    }
}
