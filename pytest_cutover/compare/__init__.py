"""Parity: whether a candidate answers as the baseline does. Pure: values in, values out.

    Transcript ─▶ canonical.see ─▶ trees
    two recordings ─▶ noise.learn ─▶ Golden ─▶ golden_text.dump / load
    baseline, candidate, Golden ─▶ compare.compare ─▶ Differences ─▶ findings.cluster ─▶ Findings

Imports `backends.exchange` for its values, and nothing that does I/O.
"""
