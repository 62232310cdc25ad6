"""Recorded traffic as tests, on both backends: what a file holds is sent again and compared.

    file ─▶ importers ─▶ recorded steps (what flows from answer to request) ─▶ replaying ─▶ compare

Knows nothing of `fuzz`; both send through `compare/confirm/both_sides`.
"""
