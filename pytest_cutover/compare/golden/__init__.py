"""The recorded transcript of a test, as a file that people review."""
