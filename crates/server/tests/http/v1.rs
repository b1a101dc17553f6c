mod asked;
mod calls;
mod rating_tokens;
mod session;
mod stats;
