//! Formats numbers and dates in the language of the page.
//!
//! Rounding never reaches an end of the scale that the exact figure does not reach: "100.0%" means all, "0.0%" means
//! none, and an average of "5.00" means that every score was 5.

use jiff::civil::Date;

use crate::text::{Formats, Plural, fill, t};

/// Shown in place of a missing number.
pub(crate) const NONE: &str = "–";

/// Formats a count in groups of three digits: `12,345`.
pub(crate) fn count(value: u64) -> String {
    let digits = value.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            text.push_str(t().formats.group);
        }
        text.push(digit);
    }
    text
}

/// Formats a count with its noun: `1 rating`, `2 ratings`.
pub(crate) fn counted(value: u64, text: &Plural) -> String {
    fill(if value == 1 { text.one } else { text.other }, &[&count(value)])
}

/// Replaces the decimal point of a formatted number by the separator of the language.
fn localized(number: &str) -> String {
    number.replace('.', t().formats.decimal)
}

/// Formats a number with this many decimals.
pub(crate) fn decimal(value: f64, decimals: usize) -> String {
    localized(&format!("{value:.decimals$}"))
}

/// Formats an average score with two decimals.
pub(crate) fn average(value: Option<f64>) -> String {
    value.map_or_else(|| NONE.into(), |value| average_to(value, 2))
}

/// Formats an average score with this many decimals.
pub(crate) fn average_to(value: f64, decimals: usize) -> String {
    let least = 0.1_f64.powi(i32::try_from(decimals).unwrap_or_default());
    let rounded = format!("{value:.decimals$}");
    if value > 1.0 && rounded == format!("{:.decimals$}", 1.0) {
        decimal(1.0 + least, decimals)
    } else if value < 5.0 && rounded == format!("{:.decimals$}", 5.0) {
        decimal(5.0 - least, decimals)
    } else {
        localized(&rounded)
    }
}

/// Formats a median score, which is a multiple of a half.
pub(crate) fn median(value: Option<f64>) -> String {
    value.map_or_else(|| NONE.into(), |value| decimal(value, 1))
}

/// Formats a standard deviation with two decimals.
pub(crate) fn deviation(value: Option<f64>) -> String {
    value.map_or_else(
        || NONE.into(),
        |value| match format!("{value:.2}").as_str() {
            "0.00" if value > 0.0 => localized("<0.01"),
            text => localized(text),
        },
    )
}

/// Formats `part ÷ whole` in per cent with `decimals` decimals, rounded half up.
pub(crate) fn percent(part: u64, whole: u64, decimals: u32) -> String {
    if whole == 0 {
        return NONE.into();
    }
    // In integers, in units of the last decimal, so that the rounding is exact.
    let one = 10_u128.pow(decimals);
    let (part, whole, all) = (u128::from(part), u128::from(whole), 100 * one);
    let rounded = (2 * part * all + whole) / (2 * whole);
    let write = |units: u128| {
        let fraction = format!("{:0width$}", units % one, width = decimals as usize);
        let Formats { decimal, before_percent, .. } = t().formats;
        if decimals == 0 {
            format!("{}{before_percent}%", units / one)
        } else {
            format!("{}{decimal}{fraction}{before_percent}%", units / one)
        }
    };
    match rounded {
        0 if part > 0 => format!("<{}", write(1)),
        units if units == all && part < whole => write(all - 1),
        units if units == all && part > whole => format!(">{}", write(all)),
        units => write(units),
    }
}

/// Formats a duration: `1:02:03`, `4:05`.
pub(crate) fn duration(seconds: u32) -> String {
    let (hours, minutes, seconds) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    if hours > 0 { format!("{hours}:{minutes:02}:{seconds:02}") } else { format!("{minutes}:{seconds:02}") }
}

/// Formats a date for the API: `2026-11-03`.
pub(crate) fn iso(date: Date) -> String {
    format!("{:04}-{:02}-{:02}", date.year(), date.month(), date.day())
}

/// Formats a date without its year: `3 Nov`.
pub(crate) fn day(date: Date) -> String {
    format!("{} {}", ordinal(date), month(date))
}

/// Formats a date: `3 Nov 2026`.
pub(crate) fn full_day(date: Date) -> String {
    format!("{} {}", day(date), date.year())
}

/// Formats a date with its weekday: `Tue 3 Nov 2026`.
pub(crate) fn weekday(date: Date) -> String {
    let index = usize::try_from(date.weekday().to_monday_zero_offset()).unwrap_or_default();
    let weekday = t().formats.weekdays.get(index).copied().unwrap_or_default();
    format!("{weekday} {}", full_day(date))
}

/// Formats a month: `Nov 2026`.
pub(crate) fn full_month(date: Date) -> String {
    format!("{} {}", month(date), date.year())
}

/// Formats a range of days, without repeating a common month or year: `3–9 Nov 2026`.
pub(crate) fn days(from: Date, to: Date) -> String {
    if from == to {
        full_day(to)
    } else if from.year() != to.year() {
        format!("{} – {}", full_day(from), full_day(to))
    } else if from.month() != to.month() {
        format!("{} – {}", day(from), full_day(to))
    } else {
        format!("{}–{}", ordinal(from), full_day(to))
    }
}

fn ordinal(date: Date) -> String {
    format!("{}{}", date.day(), t().formats.ordinal)
}

fn month(date: Date) -> &'static str {
    let index = usize::try_from(date.month() - 1).unwrap_or_default();
    t().formats.months.get(index).copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;
    use crate::text::tests::choose_german;

    #[test]
    fn dates_for_the_api_are_iso_8601() {
        for day in [date(2026, 1, 9), date(987, 12, 31)] {
            assert_eq!(iso(day), day.to_string());
        }
    }

    #[test]
    fn counts_are_grouped() {
        let texts = [0, 7, 999, 1_000, 12_345, 1_234_567, u64::MAX].map(count);
        assert_eq!(texts, ["0", "7", "999", "1,000", "12,345", "1,234,567", "18,446,744,073,709,551,615"]);
        assert_eq!([0, 1, 2_000].map(|n| counted(n, &t().formats.calls)), ["0 calls", "1 call", "2,000 calls"]);
    }

    #[test]
    fn a_missing_number_is_a_dash() {
        assert_eq!([average(None), median(None), deviation(None), percent(0, 0, 1)], [NONE; 4]);
    }

    #[test]
    fn averages_are_1_or_5_only_if_every_score_is() {
        let texts = [1.0, 1.004, 1.005_1, 4.306, 4.994, 4.996, 5.0].map(|value| average(Some(value)));
        assert_eq!(texts, ["1.00", "1.01", "1.01", "4.31", "4.99", "4.99", "5.00"]);
        assert_eq!([1.0, 1.04, 4.25, 4.96, 5.0].map(|value| average_to(value, 1)), ["1.0", "1.1", "4.2", "4.9", "5.0"]);
    }

    #[test]
    fn medians_have_one_decimal_and_deviations_two() {
        assert_eq!([4.0, 4.5].map(|value| median(Some(value))), ["4.0", "4.5"]);
        assert_eq!([0.0, 0.004, 0.98].map(|value| deviation(Some(value))), ["0.00", "<0.01", "0.98"]);
    }

    #[test]
    fn percentages_round_half_up() {
        assert_eq!(percent(1, 8, 1), "12.5%");
        assert_eq!(percent(45, 10_200, 2), "0.44%");
        assert_eq!(percent(1, 3, 1), "33.3%");
        assert_eq!(percent(2, 3, 1), "66.7%");
        assert_eq!(percent(1, 2_000, 1), "0.1%");
        assert_eq!(percent(1, 2, 0), "50%");
    }

    #[test]
    fn rounding_does_not_reach_0_or_100_per_cent() {
        assert_eq!([percent(0, 5, 1), percent(5, 5, 1)], ["0.0%", "100.0%"]);
        assert_eq!([percent(1, 10_000, 1), percent(9_996, 10_000, 1)], ["<0.1%", "99.9%"]);
        assert_eq!(percent(1, 1_000_000, 2), "<0.01%");
    }

    #[test]
    fn percentages_may_exceed_100() {
        assert_eq!(percent(6, 5, 1), "120.0%");
        assert_eq!(percent(10_001, 10_000, 1), ">100.0%");
    }

    #[test]
    fn the_largest_counts_do_not_overflow() {
        assert_eq!(percent(u64::MAX, u64::MAX, 2), "100.00%");
        assert_eq!(percent(u64::MAX, 1, 1), format!("{}00.0%", u64::MAX));
    }

    #[test]
    fn a_range_names_a_common_month_and_year_once() {
        let to = date(2026, 11, 9);
        assert_eq!(days(to, to), "9 Nov 2026");
        assert_eq!(days(date(2026, 11, 3), to), "3–9 Nov 2026");
        assert_eq!(days(date(2026, 10, 28), to), "28 Oct – 9 Nov 2026");
        assert_eq!(days(date(2025, 12, 30), to), "30 Dec 2025 – 9 Nov 2026");
        assert_eq!([full_month(to), day(to), weekday(to)], ["Nov 2026", "9 Nov", "Mon 9 Nov 2026"]);
    }

    #[test]
    fn durations_have_hours_if_needed() {
        assert_eq!([0, 59, 61, 3_599, 3_723].map(duration), ["0:00", "0:59", "1:01", "59:59", "1:02:03"]);
    }

    #[test]
    fn german_has_its_own_separators_and_names() {
        choose_german();
        assert_eq!([count(12_345), average(Some(4.25)), percent(1, 8, 1)], ["12.345", "4,25", "12,5\u{a0}%"]);
        assert_eq!(
            [days(date(2026, 3, 3), date(2026, 3, 9)), weekday(date(2026, 3, 3))],
            ["3.–9. März 2026", "Di 3. März 2026"]
        );
        assert_eq!([counted(1, &t().formats.ratings), median(Some(4.5))], ["1 Bewertung", "4,5"]);
    }
}
