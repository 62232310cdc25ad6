"""Tests on other versions than the locked ones."""
