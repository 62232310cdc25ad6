"""Launching, reaching and recording the two backends; knows no gate."""
