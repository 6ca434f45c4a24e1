mod adhoc;
mod family;
mod text;
