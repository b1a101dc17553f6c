mod accounts;
mod asked;
mod calls;
mod erasures;
mod feedback;
mod rating_tokens;
mod session;
mod stats;
