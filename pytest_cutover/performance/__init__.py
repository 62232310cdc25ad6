"""Performance: what was measured, and what may be concluded from it.

`stats` is the statistical core: values in, values out, no I/O, no clock, no pytest. `measure` takes
samples, `load` drives locust, `evidence` says what came of both. Everything that measures calls the
core, never the reverse.
"""
