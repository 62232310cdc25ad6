"""The load of the suite, for longer: what strikes once in ten seconds takes minutes to prove.

Named so that only the tests beside it collect it.
"""


def test_a_hundred_users_for_minutes(cutover_load):
    cutover_load("tests/perf/locustfile.py", users=100, duration="140s")
