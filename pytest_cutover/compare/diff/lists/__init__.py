"""Rows side by side: which is which of the other, and what one more or another order says. Pure."""
