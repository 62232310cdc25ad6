"""Watching after the switch: `decision` is pure, `prometheus` and `probes` look, `watch` waits."""
