"""Secrets, known by the values that were seen, and taken out of all that is written."""
