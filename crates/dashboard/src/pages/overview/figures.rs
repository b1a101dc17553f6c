use leptos::prelude::*;
use ringback_api::{Figures, Stats};

use super::text;
use crate::charts::fraction;
use crate::format;

/// The figures of the whole range: how good, and how many said so.
pub(super) fn summary(stats: &Stats) -> impl IntoView + use<> {
    let Figures { calls, asked, scores, .. } = stats.totals;
    let rated = scores.count();
    let most = calls.max(asked).max(rated);
    let funnel = [(text::CALLS, calls), (text::ASKED, asked), (text::RATED, rated)].map(|(label, count)| {
        view! {
            <div>
                <dt>{label}</dt>
                <dd>
                    <svg class="bar plain" aria-hidden="true">
                        <rect class="track" width="100%" height="100%" rx="3" />
                        <rect class="fill" width=format!("{:.2}%", 100.0 * fraction(count, most)) height="100%" rx="3" />
                    </svg>
                    {format::count(count)}
                </dd>
            </div>
        }
    });
    let spread =
        [(text::MEDIAN, format::median(stats.median)), (text::DEVIATION, format::deviation(stats.standard_deviation))]
            .map(|(label, figure)| {
                view! {
                    <div>
                        <dt>{label}</dt>
                        <dd>{figure}</dd>
                    </div>
                }
            });
    view! {
        <section class="summary" aria-label=text::SUMMARY>
            <div class="card">
                <dl class="chief">
                    <dt>{text::AVERAGE}</dt>
                    <dd>{format::average(stats.average)}</dd>
                    <dd class="unit">{text::AVERAGE_UNIT}</dd>
                </dl>
                <dl class="spread">{spread}</dl>
            </div>
            <div class="card">
                <dl class="chief">
                    <dt>{text::RESPONSE_RATE}</dt>
                    <dd>{format::percent(rated, asked, 1)}</dd>
                    <dd class="unit">{text::RESPONSE_RATE_UNIT}</dd>
                </dl>
                <dl class="funnel">{funnel}</dl>
            </div>
        </section>
    }
}
