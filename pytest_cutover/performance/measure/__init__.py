"""One clock, workloads, and blocks of both sides until each endpoint is decided."""
