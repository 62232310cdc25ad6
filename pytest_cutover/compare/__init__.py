"""Whether a candidate answers as the baseline does.

    Transcript ─▶ normalize (a room below) ─▶ trees
    recordings, rounds ─▶ noise.learn ─▶ Golden ─▶ golden.text
    baseline, candidate, Golden, Correspondence ─▶ diff.compare ─▶ Differences + Account
    rounds of a test ─▶ confirm ─▶ Judged ─▶ evidence ─▶ TestEvidence
    TestEvidence of all tests ─▶ verdict ─▶ findings, gates

All but `plugin` and what it calls to run tests again (`confirm.pytest_rerun`, `both_sides`,
`twin_rounds`) is pure: values in, values out. Called by `rooms`, `fuzz` and `replay`.
"""
