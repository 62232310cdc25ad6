"""From evidence to one verdict. Pure, but for `plugin`, which collects, decides and writes.

Rooms above hand in `TestEvidence` and `Contribution` values; this room imports `report` and the
words of `config`, and knows nothing of how evidence is made.
"""
