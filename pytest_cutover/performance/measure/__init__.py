"""One clock, workloads, blocks of both sides until each endpoint is decided, and what they gave."""
