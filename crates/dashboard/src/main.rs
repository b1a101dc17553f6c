//! Mounts the dashboard in its page.

fn main() {
    leptos::mount::mount_to_body(ringback_dashboard::App);
}
