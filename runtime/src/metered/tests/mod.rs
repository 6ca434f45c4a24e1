mod counting;
mod rules;
