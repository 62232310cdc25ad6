"""Where numbers about a running system come from."""
