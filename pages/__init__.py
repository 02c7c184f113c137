"""Pages: one file, one page, one question. They draw; they never compute and never query."""
