"""FlowViz, the reference migration: two backends, their database, and what it takes to run them.

`database.reference_database()` and `backends.express()`/`backends.fastapi()` are for conftest.py;
`python examples/flowviz/serve.py` runs everything by hand; `python -m examples.flowviz.node`
installs Express's packages. Nothing here is part of pytest-cutover.
"""
