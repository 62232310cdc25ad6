"""Mistakes of newcomers, by where they are made."""
