mod adhoc;
mod family;
mod policies;
mod text;
