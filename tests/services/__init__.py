"""Small services with state, as they are met everywhere, to be compared with themselves.

Each module is one service on SQLite, with the mistakes that can be switched on in it; `serving` is
what they share, `suites` has the tests that a user would write for each, `runs` runs a suite with
the plugin, `plain` runs it without. The code is the same on both sides, so what a run finds without
a fault is a false alarm, and what it does not find with one is a miss.
"""
