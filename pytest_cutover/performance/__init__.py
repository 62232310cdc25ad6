"""Performance: what was measured, and what may be concluded from it.

The statistical core lives in ``samples``, ``histogram``, ``tally``, ``eprocess``, ``clustering``,
``decision``, ``quantiles``, ``ratio``, ``counts`` and ``resources``. It is pure: values in,
values out, no I/O, no clock, no pytest. Everything that measures calls it, never the reverse.
"""
