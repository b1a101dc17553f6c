use leptos::prelude::*;
use ringback_api::{AccountPatch, Sample};

use super::Settings;
use super::form::{self, Field, FormState, form, saved, typed};
use crate::text::t;

/// The share of calls that the widget asks about.
pub(super) fn section(settings: Settings) -> AnyView {
    let text = &t().settings;
    let state = FormState::new();
    let field = Field { kind: "number", ..Field::new("sample", text.share, state) };
    let input = field.input;
    let submit = move || {
        let Some(sample) = share(&typed(input)) else { return state.reject(text.bad_share) };
        state.send(Box::pin(async move {
            settings.patch(AccountPatch { sample: Some(sample), ..AccountPatch::default() }).await?;
            Ok(saved())
        }));
    };
    let fields = vec![field.view(settings.text(|account| percent(account.sample)))];
    let controls = vec![form(settings, field.id, state, text.save, fields, submit)];
    form::section("sampling", text.sampling, text.sampling_hint, controls)
}

/// Formats a share in per cent, without the error of binary fractions: `25` for 0.25.
fn percent(sample: Sample) -> String {
    ((sample.get() * 1e8).round() / 1e6).to_string()
}

fn share(percent: &str) -> Option<Sample> {
    Sample::try_from(percent.parse::<f64>().ok()? / 100.0).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_share_in_per_cent_is_read_back_unchanged() {
        for written in ["0", "0.1", "7", "12.5", "28", "29", "57", "100"] {
            assert_eq!(percent(share(written).unwrap()), written);
        }
        for wrong in ["", "x", "-1", "100.1", "NaN"] {
            assert_eq!(share(wrong), None, "{wrong}");
        }
    }
}
