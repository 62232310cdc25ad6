"""What nobody wrote a test for: generated cases, sequences and recorded traffic, on both backends.

    schema ─▶ document ─▶ generate (probes, schemathesis) ─▶ Case ─▶ ask ─▶ two Transcripts
    Transcripts ─▶ parity.compare ─▶ examine (ask again, cluster) ─▶ shrink ─▶ kept case, Finding

schemathesis and hypothesis are imported by `document` and `generate`, which are imported when
fuzzing was asked for, and never before. `case`, `shrink`, `probes`, `links` and `har` are pure.
Called by `session`; imports `parity` and everything below it.
"""
