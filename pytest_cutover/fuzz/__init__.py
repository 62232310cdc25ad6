"""What nobody wrote a test for: generated cases and sequences, on both backends.

    openapi ─▶ operations ─▶ generate (probes, schemathesis) ─▶ Case ─▶ case_sender ─▶ Transcripts
    Transcripts ─▶ compare ─▶ triage (ask again, cluster) ─▶ shrink ─▶ kept case, finding

schemathesis and hypothesis are imported by `generate/operations` and `generate/cases` when fuzzing
was asked for, and never before. `case`, `shrink`, `probes` and `links` are pure.
"""
