//! Mounts the dashboard in its page.

fn main() {
    wasm_bindgen_futures::spawn_local(async {
        if ringback_dashboard::load_texts().await.is_ok() {
            leptos::mount::mount_to_body(ringback_dashboard::App);
        }
    });
}
