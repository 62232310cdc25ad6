"""The one HTTP client: what may be sent, how, and a record of what was said."""
