//! Small server-rendered pages.

use maud::{DOCTYPE, Markup, html};

/// The stylesheet of these pages.
pub(super) const STYLE: &str =
    concat!(include_str!("../../../../style/tokens.css"), include_str!("../../../../style/pages.css"));

pub(super) fn page(title: &str, scripts: &[&str], content: &Markup) -> Markup {
    html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                meta name="robots" content="noindex";
                title { (title) }
                link rel="icon" href="data:,";
                link rel="stylesheet" href="/pages.css";
                @for script in scripts { script type="module" src=(script) {} }
            }
            body { main { (content) } }
        }
    }
}

/// Renders a page with a heading and a text.
pub(super) fn message(heading: &str, text: &Markup) -> Markup {
    page(heading, &[], &html! { h1 { (heading) } p { (text) } })
}
