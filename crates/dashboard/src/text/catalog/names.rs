//! Sets of texts with one text per value of a type.

use ringback_client::js::get;
use wasm_bindgen::JsValue;

use super::FromJson;

texts! {
    /// Forms of a text with a number, by its plural category.
    struct Plural {
        one: &'static str,
        other: &'static str,
    }

    struct PageNames {
        overview: &'static str,
        summaries: &'static str,
        settings: &'static str,
    }

    struct PresetNames {
        today: &'static str,
        days_7: &'static str,
        days_28: &'static str,
        days_90: &'static str,
        this_month: &'static str,
        months_12: &'static str,
    }

    struct DirectionNames {
        inbound: &'static str,
        outbound: &'static str,
        unknown: &'static str,
    }

    struct PerStep {
        hour: &'static str,
        day: &'static str,
        week: &'static str,
        month: &'static str,
    }

    struct IssueNames {
        imperfect_audio: &'static str,
        dropped_call: &'static str,
        incorrect_caller_id: &'static str,
        post_dial_delay: &'static str,
        digits_not_captured: &'static str,
        unsolicited_call: &'static str,
        audio_latency: &'static str,
        one_way_audio: &'static str,
    }

    struct RatedOptions {
        rated: &'static str,
        unrated: &'static str,
        all: &'static str,
    }

    struct CommentOptions {
        any: &'static str,
        with: &'static str,
        without: &'static str,
    }

    struct CallStatusNames {
        completed: &'static str,
        busy: &'static str,
        no_answer: &'static str,
        failed: &'static str,
        canceled: &'static str,
    }

    struct SummaryStatusNames {
        queued: &'static str,
        in_progress: &'static str,
        completed: &'static str,
        failed: &'static str,
    }

    struct Reach {
        own: &'static str,
        with_subaccounts: &'static str,
    }

    struct ScopeNames {
        mint: &'static str,
        ingest: &'static str,
        read: &'static str,
        admin: &'static str,
    }
}
