//! The texts of the pages, with the structure and the names of `en.json` and the other files.

use ringback_client::js::get;
use wasm_bindgen::JsValue;

/// A text, or several, read from JSON by name. A missing text is empty.
pub(super) trait FromJson {
    fn from_json(json: &JsValue) -> Self;
}

impl FromJson for &'static str {
    fn from_json(json: &JsValue) -> Self {
        json.as_string().map_or("", |text| text.leak())
    }
}

impl<const N: usize> FromJson for [&'static str; N] {
    fn from_json(json: &JsValue) -> Self {
        std::array::from_fn(|index| FromJson::from_json(&get(json, &index.to_string())))
    }
}

macro_rules! texts {
    ($($(#[$about:meta])* struct $name:ident { $($(#[$of_field:meta])* $field:ident: $kind:ty,)+ })+) => {$(
        $(#[$about])*
        #[cfg_attr(test, derive(Debug, PartialEq, serde::Deserialize), serde(deny_unknown_fields))]
        pub(crate) struct $name {
            $($(#[$of_field])* pub(crate) $field: $kind,)+
        }

        impl FromJson for $name {
            fn from_json(json: &JsValue) -> Self {
                Self { $($field: FromJson::from_json(&get(json, stringify!($field))),)+ }
            }
        }
    )+};
}

mod names;

pub(crate) use self::names::{
    CallStatusNames, CommentOptions, DirectionNames, IssueNames, PageNames, PerStep, Plural, PresetNames, RatedOptions,
    Reach, ScopeNames, SummaryStatusNames,
};

texts! {
    /// All texts in one language. `{0}` is a place for a number or name.
    struct Text {
        /// BCP 47.
        language: &'static str,
        formats: Formats,
        common: Common,
        sign_in: SignIn,
        overview: Overview,
        tiles: Tiles,
        charts: Charts,
        calls: Calls,
        summaries: Summaries,
        settings: Settings,
    }

    /// How numbers and days are written.
    struct Formats {
        decimal: &'static str,
        group: &'static str,
        /// Between a number and the per cent sign.
        before_percent: &'static str,
        months: [&'static str; 12],
        /// From Monday.
        weekdays: [&'static str; 7],
        full_weekdays: [&'static str; 7],
        /// After the day of the month.
        ordinal: &'static str,
        hour: &'static str,
        ratings: Plural,
        calls: Plural,
        stars: Plural,
    }

    struct Common {
        loading: &'static str,
        skip: &'static str,
        pages: &'static str,
        page_names: PageNames,
        sign_out: &'static str,
        still_signed_in: &'static str,
        try_again: &'static str,
        unreachable: &'static str,
        unreachable_advice: &'static str,
        too_many: &'static str,
        too_many_advice: &'static str,
        no_permission: &'static str,
        no_permission_advice: &'static str,
        failed: &'static str,
        refused: &'static str,
    }

    struct SignIn {
        title: &'static str,
        expired: &'static str,
        username: &'static str,
        password: &'static str,
        credentials_hint: &'static str,
        submit: &'static str,
        pending: &'static str,
        wrong: &'static str,
        network: &'static str,
    }

    struct Overview {
        title: &'static str,
        days_in: &'static str,
        compared: &'static str,
        presets: &'static str,
        preset_names: PresetNames,
        from: &'static str,
        to: &'static str,
        show: &'static str,
        bad_link: &'static str,
        missing_day: &'static str,
        not_a_day: &'static str,
        backwards: &'static str,
        too_long: &'static str,
        direction: &'static str,
        every_direction: &'static str,
        direction_names: DirectionNames,
        subaccounts: &'static str,
        refresh_failed: &'static str,
        no_calls_advice: &'static str,
        no_calls: &'static str,
        first_rating: &'static str,
        first_rating_token: &'static str,
        command: &'static str,
        copy: &'static str,
        copied: &'static str,
        no_ratings: &'static str,
        nobody_asked: &'static str,
        nobody_rated: &'static str,
        longer: &'static str,
        live: &'static str,
        connecting: &'static str,
        stale: &'static str,
        export: &'static str,
        steps_csv: &'static str,
        print: &'static str,
    }

    struct Tiles {
        title: &'static str,
        average: &'static str,
        average_detail: &'static str,
        interval_hint: &'static str,
        good: &'static str,
        bad: &'static str,
        of_ratings: &'static str,
        response_rate: &'static str,
        of_asked: &'static str,
        coverage: &'static str,
        of_calls: &'static str,
        no_coverage: &'static str,
        calls: &'static str,
        calls_detail: &'static str,
        nothing_before: &'static str,
        same: &'static str,
        higher: &'static str,
        lower: &'static str,
        points: &'static str,
        better: &'static str,
        worse: &'static str,
    }

    struct Charts {
        table: &'static str,
        table_hint: &'static str,
        distribution: &'static str,
        distribution_detail: &'static str,
        trend_titles: PerStep,
        step_names: PerStep,
        week_from: &'static str,
        average_axis: &'static str,
        ratings_axis: &'static str,
        this_period: &'static str,
        previous_period: &'static str,
        before: &'static str,
        issues: &'static str,
        no_issues: &'static str,
        matrix: &'static str,
        heat: &'static str,
        heat_detail: &'static str,
        heat_legend: [&'static str; 5],
        score: &'static str,
        issue: &'static str,
        ratings: &'static str,
        calls: &'static str,
        asked: &'static str,
        average: &'static str,
        share: &'static str,
        share_of_calls: &'static str,
        hour: &'static str,
        average_of: &'static str,
        issue_names: IssueNames,
    }

    struct Calls {
        title: &'static str,
        filters: &'static str,
        clear: &'static str,
        without: &'static str,
        rated: &'static str,
        rated_options: RatedOptions,
        any_score: &'static str,
        any_issue: &'static str,
        comment: &'static str,
        comment_options: CommentOptions,
        label: &'static str,
        any_label: &'static str,
        other_label: &'static str,
        label_hint: &'static str,
        bad_label: &'static str,
        add: &'static str,
        started: &'static str,
        parties: &'static str,
        duration: &'static str,
        issues: &'static str,
        labels: &'static str,
        open: &'static str,
        none: &'static str,
        none_advice: &'static str,
        cut_short: &'static str,
        first_page: &'static str,
        previous_page: &'static str,
        next_page: &'static str,
        call: &'static str,
        close: &'static str,
        not_rated: &'static str,
        no_comment: &'static str,
        sid: &'static str,
        account: &'static str,
        foreign_id: &'static str,
        party: &'static str,
        from: &'static str,
        to: &'static str,
        status: &'static str,
        status_names: CallStatusNames,
        asked_at: &'static str,
        dismissed_at: &'static str,
        rated_at: &'static str,
        changed_at: &'static str,
        revision: &'static str,
        first_reported: &'static str,
        updated: &'static str,
        unknown_call: &'static str,
        csv: &'static str,
    }

    struct Summaries {
        title: &'static str,
        lead: &'static str,
        times_in: &'static str,
        new: &'static str,
        callback_url: &'static str,
        callback_hint: &'static str,
        method: &'static str,
        create: &'static str,
        creating: &'static str,
        created: &'static str,
        list: &'static str,
        days: &'static str,
        status: &'static str,
        status_names: SummaryStatusNames,
        callback: &'static str,
        created_on: &'static str,
        waiting: Plural,
        ready: &'static str,
        none: &'static str,
        none_advice: &'static str,
        open: &'static str,
        summary: &'static str,
        in_utc: &'static str,
        calls_of: &'static str,
        reach: Reach,
        median: &'static str,
        deviation: &'static str,
        changed: &'static str,
        failed: &'static str,
        unknown: &'static str,
        no_callback: &'static str,
        callback_later: &'static str,
        callback_forgotten: &'static str,
        pending: &'static str,
        delivered: &'static str,
        given_up: &'static str,
        tries: Plural,
        last_answer: &'static str,
        answered: &'static str,
        next_try: &'static str,
        last_try: &'static str,
        download: &'static str,
        delete: &'static str,
        confirm_delete: &'static str,
        keep: &'static str,
        deleted: &'static str,
        unfinished: &'static str,
    }

    struct Settings {
        title: &'static str,
        read_only: &'static str,
        save: &'static str,
        saved: &'static str,
        cancel: &'static str,
        name: &'static str,
        bad_name: &'static str,
        account_hint: &'static str,
        embed: &'static str,
        embed_hint: &'static str,
        in_page: &'static str,
        in_page_alone: &'static str,
        in_backend: &'static str,
        no_mint: &'static str,
        trial: &'static str,
        trial_hint: &'static str,
        try_it: &'static str,
        arrived: &'static str,
        show_trial: &'static str,
        try_another: &'static str,
        sampling: &'static str,
        sampling_hint: &'static str,
        share: &'static str,
        bad_share: &'static str,
        origins: &'static str,
        origins_hint: &'static str,
        any_origin: &'static str,
        origin: &'static str,
        bad_origin: &'static str,
        known_origin: &'static str,
        added: &'static str,
        removed: &'static str,
        remove: &'static str,
        remove_origin: &'static str,
        remove_title: &'static str,
        remove_last: &'static str,
        time_zone: &'static str,
        time_zone_hint: &'static str,
        retention: &'static str,
        retention_hint: &'static str,
        days: &'static str,
        forever: &'static str,
        bad_days: &'static str,
        delete_title: &'static str,
        delete_text: &'static str,
        delete_old: &'static str,
        sealed: &'static str,
        keys: &'static str,
        keys_hint: &'static str,
        keys_hidden: &'static str,
        no_keys: &'static str,
        key_name: &'static str,
        scopes: &'static str,
        scope_names: ScopeNames,
        no_scope: &'static str,
        create_key: &'static str,
        new_key: &'static str,
        secret: &'static str,
        copy_now: &'static str,
        confirm_copied: &'static str,
        created_at: &'static str,
        revoked_at: &'static str,
        revoke: &'static str,
        revoke_key: &'static str,
        revoke_title: &'static str,
        revoke_text: &'static str,
        revoked: &'static str,
        subaccounts: &'static str,
        subaccounts_hint: &'static str,
        is_subaccount: &'static str,
        no_subaccounts: &'static str,
        create_subaccount: &'static str,
        new_subaccount: &'static str,
        auth_token: &'static str,
        rename: &'static str,
        suspended: &'static str,
        suspend: &'static str,
        suspend_account: &'static str,
        suspend_title: &'static str,
        suspend_text: &'static str,
        suspended_now: &'static str,
        resume: &'static str,
        resume_account: &'static str,
        resumed: &'static str,
    }
}
