"""FlowViz on FastAPI: the candidate of the reference migration.

`flowviz.app:app` is the application, `python -m flowviz` the process. The modules import downwards:
`app` → `routes` → `schemas`, `body`, `tokens`, `records` → `errors`, `responses`.
"""
