mod draw;
mod off_and_on;
mod strike;
