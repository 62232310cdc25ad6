"""The way back: migrations that the baseline can live with."""
