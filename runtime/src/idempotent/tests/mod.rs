mod plain;
mod processes;
mod recording;
mod records;
mod steered;
mod threads;
