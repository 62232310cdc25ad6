"""Recorded traffic, sent to both backends."""
