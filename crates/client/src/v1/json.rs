//! Reads responses from the values that the browser's JSON parser returns. It takes a quarter of the bytes of serde's
//! derived code, which reads fields in any order, in two ways, and with an error per mistake: 36 KB of the dashboard,
//! compressed.

use std::collections::BTreeMap;
use std::fmt::Display;
use std::num::NonZeroU16;

use jiff::Timestamp;
use jiff::civil::Date;
use js_sys::{Array, Object};
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
use crate::js::get;

#[cfg(target_arch = "wasm32")]
#[cfg(test)]
mod tests;

/// A type of the API that is read from JSON. `None` if the JSON is something else.
pub(super) trait FromJson: Sized {
    fn from_json(json: &JsValue) -> Option<Self>;
}

fn field<T: FromJson>(object: &JsValue, name: &str) -> Option<T> {
    T::from_json(&get(object, name))
}

/// Types with their fields. The fields of the type after `+` are flattened into the object.
macro_rules! objects {
    ($($type:ident { $($field:ident),+ $(, + $flat:ident)? })+) => {$(
        impl FromJson for $type {
            fn from_json(json: &JsValue) -> Option<Self> {
                Some(Self { $($field: field(json, stringify!($field))?,)+ $($flat: FromJson::from_json(json)?,)? })
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

impl FromJson for Credentials {
    fn from_json(json: &JsValue) -> Option<Self> {
        let secret = field(json, "secret").or_else(|| field(json, "auth_token"))?;
        Some(Self { sid: field(json, "sid")?, secret })
    }
}

impl FromJson for Problem {
    fn from_json(json: &JsValue) -> Option<Self> {
        let detail = field(json, "detail").or_else(|| field(json, "message"));
        detail.or_else(|| field(json, "title")).map(Self)
    }
}

/// Types that serde reads from a string. Its error messages are not needed.
macro_rules! strings {
    ($($type:ident)+) => {$(
        impl FromJson for $type {
            fn from_json(json: &JsValue) -> Option<Self> {
                Self::deserialize(StrDeserializer::<Unknown>::new(&json.as_string()?)).ok()
            }
        }
    )+};
}

strings! { AccountStatus CallStatus CallbackMethod DeliveryState Direction Issue Scope Step SummaryStatus }

#[derive(Debug, thiserror::Error)]
#[error("unknown")]
struct Unknown;

impl de::Error for Unknown {
    fn custom<T: Display>(_: T) -> Self {
        Self
    }
}

/// Types that are converted from a simpler type.
macro_rules! converted {
    ($($type:ident of $simple:ty;)+) => {$(
        impl FromJson for $type {
            fn from_json(json: &JsValue) -> Option<Self> {
                <$simple>::from_json(json)?.try_into().ok()
            }
        }
    )+};
}

converted! {
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

impl<K: Kind> FromJson for Sid<K> {
    fn from_json(json: &JsValue) -> Option<Self> {
        json.as_string()?.parse().ok()
    }
}

impl FromJson for Scores {
    fn from_json(json: &JsValue) -> Option<Self> {
        FromJson::from_json(json).map(Self::new)
    }
}

impl FromJson for Date {
    fn from_json(json: &JsValue) -> Option<Self> {
        ringback_api::parse_date(&json.as_string()?)
    }
}

impl FromJson for Timestamp {
    fn from_json(json: &JsValue) -> Option<Self> {
        ringback_api::parse_time(&json.as_string()?)
    }
}

impl FromJson for String {
    fn from_json(json: &JsValue) -> Option<Self> {
        json.as_string()
    }
}

impl FromJson for bool {
    fn from_json(json: &JsValue) -> Option<Self> {
        json.as_bool()
    }
}

impl FromJson for f64 {
    fn from_json(json: &JsValue) -> Option<Self> {
        json.as_f64()
    }
}

impl FromJson for u64 {
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a count, which is exact up to 2^53")]
    fn from_json(json: &JsValue) -> Option<Self> {
        json.as_f64().filter(|number| *number >= 0.0 && number.fract() == 0.0).map(|number| number as Self)
    }
}

impl<T: FromJson> FromJson for Option<T> {
    fn from_json(json: &JsValue) -> Option<Self> {
        if json.is_null() || json.is_undefined() { Some(None) } else { T::from_json(json).map(Some) }
    }
}

impl<T: FromJson> FromJson for Box<T> {
    fn from_json(json: &JsValue) -> Option<Self> {
        T::from_json(json).map(Self::new)
    }
}

impl<T: FromJson> FromJson for Vec<T> {
    fn from_json(json: &JsValue) -> Option<Self> {
        json.dyn_ref::<Array>()?.iter().map(|item| T::from_json(&item)).collect()
    }
}

impl<T: FromJson, const N: usize> FromJson for [T; N] {
    fn from_json(json: &JsValue) -> Option<Self> {
        Vec::from_json(json)?.try_into().ok()
    }
}

impl FromJson for BTreeMap<String, String> {
    fn from_json(json: &JsValue) -> Option<Self> {
        let pairs = Object::entries(json.dyn_ref()?);
        pairs.iter().map(|pair| <[String; 2]>::from_json(&pair).map(|[key, value]| (key, value))).collect()
    }
}
