"""What a run decided, as plain data, and the pages and lines that show it.

The lowest decision room: it knows values only. The gate room builds a `model.Report` and passes
it in; this room derives no verdict. Doors, each a pure function of the report:

* `gate_json.dumps`, `gate_json.read_report` — gate.json and back
* `schema.generated` — what other tools know of it (`gate.v2.schema.json`)
* `markdown.render` — gate.md, the pull-request comment and the step summary
* `terminal.render` — the last screen
* `github.workflow_commands`, `github.append_step_summary` — what GitHub Actions shows
* `html.render` — gate.html, one file
* `diffs.render` — diffs/<finding>.json, for review
* `artifacts.write_report` — all the files, whole or not at all (`write`)

Nothing is imported here, so that importing the model costs nothing. May import
`pytest_cutover.core`; never gate, parity, backends or pytest.
"""
