"""The one place that opens, attaches and closes a database."""
