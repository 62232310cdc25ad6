"""Sending cases to both backends, sorting out what differs, and making it small."""
