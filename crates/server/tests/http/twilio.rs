mod callbacks;
mod connections;
mod encodings;
mod errors;
mod feedback;
mod feedback_summary;
mod rating_tokens;
mod representations;
