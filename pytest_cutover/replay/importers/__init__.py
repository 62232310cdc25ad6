"""Recordings as files: what can be read from them, and what was left out."""
