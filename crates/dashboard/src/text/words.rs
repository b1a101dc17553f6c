//! What there is to say, in the order of the files.

/// A text, or several.
pub(super) trait Words {
    /// Takes what comes next.
    fn take(next: &mut dyn FnMut() -> &'static str) -> Self;
}

impl Words for &'static str {
    fn take(next: &mut dyn FnMut() -> &'static str) -> Self {
        next()
    }
}

impl<T: Words, const N: usize> Words for [T; N] {
    fn take(next: &mut dyn FnMut() -> &'static str) -> Self {
        std::array::from_fn(|_| T::take(next))
    }
}

macro_rules! words {
    ($($(#[$about:meta])* struct $name:ident { $($(#[$of_field:meta])* $field:ident: $words:ty,)+ })+) => {$(
        $(#[$about])*
        #[cfg_attr(test, derive(Debug, PartialEq, serde::Deserialize), serde(deny_unknown_fields))]
        pub(crate) struct $name {
            $($(#[$of_field])* pub(crate) $field: $words,)+
        }

        impl Words for $name {
            fn take(next: &mut dyn FnMut() -> &'static str) -> Self {
                Self { $($field: Words::take(next),)+ }
            }
        }
    )+};
}

words! {
    /// All texts in one language. `{0}` is a place for a number or name.
    struct Text {
        /// BCP 47.
        language: &'static str,
        formats: Formats,
        common: Common,
        sign_in: SignIn,
        overview: Overview,
        glance: Glance,
        charts: Charts,
        calls: Calls,
        summaries: Summaries,
        settings: Settings,
    }

    /// How numbers and days are written.
    struct Formats {
        decimal: &'static str,
        group: &'static str,
        /// What stands between a number and its per cent sign.
        before_percent: &'static str,
        months: [&'static str; 12],
        /// From Monday.
        weekdays: [&'static str; 7],
        full_weekdays: [&'static str; 7],
        /// A day of the month, alone.
        ordinal: &'static str,
        hour: &'static str,
        /// For one, for others.
        ratings: [&'static str; 2],
        calls: [&'static str; 2],
        stars: [&'static str; 2],
    }

    struct Common {
        loading: &'static str,
        skip: &'static str,
        pages: &'static str,
        /// Overview, summaries, settings.
        page_names: [&'static str; 3],
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
        place: &'static str,
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
        /// Today, 7, 28, 90 days, this month, 12 months.
        preset: [&'static str; 6],
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
        /// Inbound, outbound, not known.
        directions: [&'static str; 3],
        subaccounts: &'static str,
        refresh_failed: &'static str,
        no_calls_advice: &'static str,
        no_calls_at_all: &'static str,
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

    struct Glance {
        title: &'static str,
        average: &'static str,
        average_detail: &'static str,
        average_alone: &'static str,
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
        /// Per hour, day, week, month.
        trend: [&'static str; 4],
        steps: [&'static str; 4],
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
        /// In the API's order.
        issue_names: [&'static str; 8],
    }

    struct Calls {
        title: &'static str,
        filters: &'static str,
        clear: &'static str,
        without: &'static str,
        rated: &'static str,
        /// Rated, not rated, all.
        rated_options: [&'static str; 3],
        any_score: &'static str,
        any_issue: &'static str,
        comment: &'static str,
        comment_options: [&'static str; 3],
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
        /// Completed, busy, no answer, failed, canceled.
        statuses: [&'static str; 5],
        asked_at: &'static str,
        dismissed_at: &'static str,
        rated_at: &'static str,
        changed_at: &'static str,
        revision: &'static str,
        first_heard: &'static str,
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
        /// Queued, in progress, completed, failed.
        statuses: [&'static str; 4],
        callback: &'static str,
        asked_for: &'static str,
        /// For one, for others.
        waiting: [&'static str; 2],
        ready: &'static str,
        none: &'static str,
        none_advice: &'static str,
        open: &'static str,
        summary: &'static str,
        in_utc: &'static str,
        whose: &'static str,
        /// Its own, with subaccounts.
        reach: [&'static str; 2],
        median: &'static str,
        deviation: &'static str,
        changed: &'static str,
        failed: &'static str,
        unknown: &'static str,
        nobody_told: &'static str,
        told_later: &'static str,
        forgotten: &'static str,
        pending: &'static str,
        delivered: &'static str,
        given_up: &'static str,
        /// For one, for others.
        tries: [&'static str; 2],
        last_answer: &'static str,
        answered: &'static str,
        next_try: &'static str,
        last_try: &'static str,
        download: &'static str,
        delete: &'static str,
        sure: &'static str,
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
        see_trial: &'static str,
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
        for_ever: &'static str,
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
        may: &'static str,
        /// Mint, ingest, read, admin.
        scopes: [&'static str; 4],
        no_scope: &'static str,
        create_key: &'static str,
        new_key: &'static str,
        secret: &'static str,
        only_now: &'static str,
        have_it: &'static str,
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
