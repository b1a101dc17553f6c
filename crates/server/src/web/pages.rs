//! Small server-rendered pages. Their addresses have two segments, and their links are relative, so that they work on a
//! server below a path too.

use maud::{DOCTYPE, Markup, html};

use super::look::{Look, Theme};

const TOKENS: &str = include_str!("../../../../style/tokens.css");
const STYLE: &str = include_str!("../../../../style/pages.css");
/// The condition of the dark colours in [`TOKENS`], and the schemes that they support.
const DARK: &str = "(prefers-color-scheme: dark)";
const SCHEMES: &str = "color-scheme: light dark";

impl Theme {
    pub(super) const ALL: [Self; 3] = [Self::System, Self::Light, Self::Dark];

    /// The stylesheet of these pages.
    pub(super) const fn file(self) -> &'static str {
        match self {
            Self::System => "pages.css",
            Self::Light => "pages-light.css",
            Self::Dark => "pages-dark.css",
        }
    }

    pub(super) fn style(self) -> String {
        let (condition, schemes) = match self {
            Self::System => (DARK, SCHEMES),
            Self::Light => ("not all", "color-scheme: light"),
            Self::Dark => ("all", "color-scheme: dark"),
        };
        TOKENS.replace(DARK, condition).replace(SCHEMES, schemes) + STYLE
    }

    const fn schemes(self) -> &'static str {
        match self {
            Self::System => "light dark",
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }
}

/// Renders a page. `class` is that of its body.
pub(super) fn page(look: Look, title: &str, scripts: &[&str], class: Option<&str>, content: &Markup) -> Markup {
    html! {
        (DOCTYPE)
        html lang=(look.words.lang) dir=(look.words.dir()) {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content=(look.theme.schemes());
                meta name="robots" content="noindex";
                title { (title) }
                link rel="icon" href="data:,";
                link rel="stylesheet" href={ "../" (look.theme.file()) };
                @for script in scripts { script type="module" src={ "../" (script) } {} }
            }
            body class=[class] { main { (content) } }
        }
    }
}

/// Renders a page with a heading and a text.
pub(super) fn message(look: Look, heading: &str, text: &Markup) -> Markup {
    page(look, heading, &[], None, &html! { h1 { (heading) } p { (text) } })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_dark_colours_apply_in_the_chosen_scheme() {
        for (theme, condition, schemes) in [
            (Theme::System, DARK, SCHEMES),
            (Theme::Light, "not all", "color-scheme: light"),
            (Theme::Dark, "all", "color-scheme: dark"),
        ] {
            let style = theme.style();
            assert!(style.contains(&format!("@media {condition} {{\n  :root {{\n    --ground: #0f1116;")), "{style}");
            assert!(style.contains(&format!("  {schemes};\n")), "{style}");
        }
    }
}
