"""Load on both sides in turn, by a locust in a process of its own."""
