"""The report on disk: written whole or not at all, read back, and held against its base."""
