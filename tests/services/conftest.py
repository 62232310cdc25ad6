"""The suites belong to users' projects: they are copied there, and not collected here."""

collect_ignore = ["suites"]
