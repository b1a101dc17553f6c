mod accounts;
mod asked;
mod calls;
mod erasures;
mod rating_tokens;
mod session;
mod stats;
