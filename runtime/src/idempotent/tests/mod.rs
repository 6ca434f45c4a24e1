mod plain;
mod processes;
mod recording;
mod records;
mod threads;
