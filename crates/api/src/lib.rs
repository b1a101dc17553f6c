//! Ringback's wire types and their validation, shared by server, widget and dashboard.
//!
//! This crate does no I/O and reads no clock. It parses input once; past it, an invalid score, an unknown issue or a
//! malformed sid cannot be represented.

mod account;
mod api_key;
mod call;
mod callback;
mod comment;
mod feedback;
mod form;
mod issue;
mod label;
mod leg;
mod listing;
#[cfg(feature = "openapi")]
mod openapi;
mod origin;
mod sample;
mod scope;
mod scores;
mod session;
mod sid;
mod stats;
mod string_enum;
mod summary;
mod time;
mod token;

pub use account::{
    AccountPatch, AccountStatus, AccountView, CreatedSubaccount, Erasure, ErasureRequest, NewSubaccount,
};
pub use api_key::{ApiKeyView, CreatedApiKey, NewApiKeyRequest};
pub use call::{
    Call, CallLine, CallLineError, CallStatus, CallsReport, Direction, DirectionError, DirectionFilter, LineError,
    MAX_LINE_BYTES, MAX_REPORTED_ERRORS, RecordedCall,
};
pub use callback::{
    CallbackDelivery, CallbackMethod, CallbackMethodError, CallbackPage, CallbackUrl, CallbackUrlError, DeliveryState,
    StatusCallback,
};
pub use comment::{Comment, CommentError};
pub use feedback::{Feedback, Rating, RatingForm, Revision};
pub use form::{FormError, Pairs, shorten};
pub use issue::{Issue, IssueError, IssueSet};
pub use label::{KnownLabel, KnownLabels, LabelError, Labels};
pub use leg::{Leg, LegError, Name};
pub use listing::{CallDetails, CallPage, FeedbackDetails, Order, OrderError};
#[cfg(feature = "openapi")]
pub use openapi::{Rfc2822, TokenForm};
pub use origin::{Origin, OriginError};
pub use sample::{Sample, SampleError};
pub use scope::{NoScope, Scope, Scopes, UnknownScope};
pub use scores::{Score, ScoreError, Scores};
pub use session::{Session, SignIn};
pub use sid::{AccountSid, CallSid, KeySid, Kind, Sid, SidError, SummarySid, kind};
pub use stats::{DirectionStats, Figures, IssueStats, Point, Stats, Step, StepError, WeekdayHours, share};
pub use summary::{
    CallbackReceiver, SummaryDetails, SummaryFigures, SummaryForm, SummaryPage, SummaryStatus, parse_date,
};
pub use time::parse_time;
pub use token::{
    AUDIENCE, Claims, MAX_LIFETIME_SECONDS, MintRequest, MintedToken, Revocation, RevocationError, RevokeRequest, TYPE,
};
