//! Reads what the server answers out of what the browser makes of JSON. What serde derives would read it in any order, twice
//! over and with an error for each mistake, in 36 KB of the dashboard's (brotli); this takes a quarter of that.

use std::collections::BTreeMap;
use std::fmt::Display;
use std::num::NonZeroU16;

use jiff::Timestamp;
use jiff::civil::Date;
use js_sys::{Array, Object, Reflect};
use ringback_api::{
    AccountStatus, AccountView, ApiKeyView, CallDetails, CallPage, CallStatus, CallbackDelivery, CallbackMethod,
    CallbackReceiver, Comment, DeliveryState, Direction, DirectionStats, FeedbackDetails, Figures, Issue, IssueSet,
    IssueStats, Kind, KnownLabel, KnownLabels, Labels, MintedToken, Name, Origin, Point, Sample, Scope, Scopes, Score,
    Scores, Session, Sid, Stats, Step, SummaryDetails, SummaryFigures, SummaryPage, SummaryStatus,
};
use serde::de::value::StrDeserializer;
use serde::de::{self, Deserialize};
use wasm_bindgen::{JsCast, JsValue};

use super::{Credentials, Problem};

#[cfg(target_arch = "wasm32")]
#[cfg(test)]
mod tests;

/// What stands in an answer; `None` if it is something else.
pub(super) trait Answer: Sized {
    fn read(json: &JsValue) -> Option<Self>;
}

fn field<T: Answer>(object: &JsValue, name: &str) -> Option<T> {
    // `undefined` where there is no such property, and where there can be none.
    T::read(&Reflect::get(object, &name.into()).unwrap_or_default())
}

/// Each type with its fields, and behind `+` those of another type that stand among them.
macro_rules! objects {
    ($($type:ident { $($field:ident),+ $(, + $flat:ident)? })+) => {$(
        impl Answer for $type {
            fn read(json: &JsValue) -> Option<Self> {
                Some(Self { $($field: field(json, stringify!($field))?,)+ $($flat: Answer::read(json)?,)? })
            }
        }
    )+};
}

objects! {
    AccountView {
        sid, name, status, is_subaccount, time_zone, retention_days, allowed_origins, sample, sealed_before
    }
    ApiKeyView { sid, name, scopes, created_at, revoked_at }
    CallDetails {
        account_sid, sid, call, party, started_at, duration, direction, from, to, status, labels, asked_at, dismissed_at,
        created_at, updated_at, feedback
    }
    CallPage { calls, next, cut_short }
    CallbackDelivery {
        summary_sid, summary_status, url, method, state, tries, last_status, last_error, next_try_at, created_at,
        updated_at
    }
    CallbackReceiver { url, method }
    DirectionStats { direction, + figures }
    FeedbackDetails { score, issues, comment, revision, created_at, updated_at }
    Figures { calls, asked, dismissed, scores }
    IssueStats { issue, scores }
    KnownLabel { key, value }
    KnownLabels { labels, cut_short }
    MintedToken { token, expires_at, link }
    Point { date, start, + figures }
    Session { account_sid, account_name, scopes, time_zone, today }
    Stats {
        from, to, time_zone, step, totals, average, median, standard_deviation, response_rate, issues, directions,
        weekday_hours, series
    }
    SummaryDetails {
        sid, account_sid, start_date, end_date, include_subaccounts, status, counted, status_callback, delivery,
        created_at, updated_at
    }
    SummaryFigures { calls, scores, average, median, standard_deviation, issues }
    SummaryPage { summaries, next }
}

impl Answer for Credentials {
    fn read(json: &JsValue) -> Option<Self> {
        let secret = field(json, "secret").or_else(|| field(json, "auth_token"))?;
        Some(Self { sid: field(json, "sid")?, secret })
    }
}

impl Answer for Problem {
    fn read(json: &JsValue) -> Option<Self> {
        let detail = field(json, "detail").or_else(|| field(json, "message"));
        detail.or_else(|| field(json, "title")).map(Self)
    }
}

/// Texts that serde knows; what it would say of others nobody reads.
macro_rules! words {
    ($($type:ident)+) => {$(
        impl Answer for $type {
            fn read(json: &JsValue) -> Option<Self> {
                Self::deserialize(StrDeserializer::<Unknown>::new(&json.as_string()?)).ok()
            }
        }
    )+};
}

words! { AccountStatus CallStatus CallbackMethod DeliveryState Direction Issue Scope Step SummaryStatus }

#[derive(Debug, thiserror::Error)]
#[error("unknown")]
struct Unknown;

impl de::Error for Unknown {
    fn custom<T: Display>(_: T) -> Self {
        Self
    }
}

/// What is made of something simpler.
macro_rules! made {
    ($($type:ident of $simple:ty;)+) => {$(
        impl Answer for $type {
            fn read(json: &JsValue) -> Option<Self> {
                <$simple>::read(json)?.try_into().ok()
            }
        }
    )+};
}

made! {
    Comment of String;
    IssueSet of Vec<Issue>;
    Labels of BTreeMap<String, String>;
    Name of String;
    NonZeroU16 of u16;
    Origin of String;
    Sample of f64;
    Scopes of Vec<Scope>;
    Score of u8;
    u16 of u64;
    u32 of u64;
    u8 of u64;
}

impl<K: Kind> Answer for Sid<K> {
    fn read(json: &JsValue) -> Option<Self> {
        json.as_string()?.parse().ok()
    }
}

impl Answer for Scores {
    fn read(json: &JsValue) -> Option<Self> {
        Answer::read(json).map(Self::new)
    }
}

impl Answer for Date {
    fn read(json: &JsValue) -> Option<Self> {
        ringback_api::parse_date(&json.as_string()?)
    }
}

impl Answer for Timestamp {
    fn read(json: &JsValue) -> Option<Self> {
        ringback_api::parse_time(&json.as_string()?)
    }
}

impl Answer for String {
    fn read(json: &JsValue) -> Option<Self> {
        json.as_string()
    }
}

impl Answer for bool {
    fn read(json: &JsValue) -> Option<Self> {
        json.as_bool()
    }
}

impl Answer for f64 {
    fn read(json: &JsValue) -> Option<Self> {
        json.as_f64()
    }
}

impl Answer for u64 {
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a count, which is exact up to 2^53")]
    fn read(json: &JsValue) -> Option<Self> {
        json.as_f64().filter(|number| *number >= 0.0 && number.fract() == 0.0).map(|number| number as Self)
    }
}

impl<T: Answer> Answer for Option<T> {
    fn read(json: &JsValue) -> Option<Self> {
        if json.is_null() || json.is_undefined() { Some(None) } else { T::read(json).map(Some) }
    }
}

impl<T: Answer> Answer for Box<T> {
    fn read(json: &JsValue) -> Option<Self> {
        T::read(json).map(Self::new)
    }
}

impl<T: Answer> Answer for Vec<T> {
    fn read(json: &JsValue) -> Option<Self> {
        json.dyn_ref::<Array>()?.iter().map(|item| T::read(&item)).collect()
    }
}

impl<T: Answer, const N: usize> Answer for [T; N] {
    fn read(json: &JsValue) -> Option<Self> {
        Vec::read(json)?.try_into().ok()
    }
}

impl Answer for BTreeMap<String, String> {
    fn read(json: &JsValue) -> Option<Self> {
        let pairs = Object::entries(json.dyn_ref()?);
        pairs.iter().map(|pair| <[String; 2]>::read(&pair).map(|[key, value]| (key, value))).collect()
    }
}
