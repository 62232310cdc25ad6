"""What varies by itself, learned from recordings, and what it is still held to. Pure."""
