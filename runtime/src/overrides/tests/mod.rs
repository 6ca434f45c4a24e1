mod errors;
mod fuzz;
mod kinds;
mod loading;
mod model;
mod variables;
mod watching;
