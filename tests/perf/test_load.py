"""Both backends under the load of a hundred users at once; limits stand in cutover.toml."""


def test_a_hundred_users_at_once(cutover_load):
    cutover_load("tests/perf/locustfile.py", users=100, duration="50s")
