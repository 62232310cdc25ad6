"""From bytes to trees in which equal things are equal: strict JSON, headers, bodies. Pure."""
