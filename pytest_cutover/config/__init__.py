"""`cutover.toml` becomes typed values here, and every mistake in it becomes a sentence.

- `load.load_config` reads the file; `load.adhoc_target` makes a target from two URLs.
- `model` has the values every room reads, `target` the two backends of a target, `performance` the
  limits. A room that wants a table of its own adds one field to `model.Config`.
- `endpoint` reads and matches ``METHOD /path/{template}``, for every room.
- `errors.ConfigError` is what all of them raise; the plugin turns it into `pytest.UsageError`.
- `codes` explains each ``CUTnnn``.

Callers: the plugin, the command line, every room. Imports: the standard library and cattrs, which
is why nothing is imported here: `import pytest_cutover.core.errors` stays cheap.
"""
