"""May we switch the traffic? One suite against two backends, one verdict.

The plugin is `pytest_cutover.plugin`; `ARCHITECTURE.md` is the map.
"""

__version__ = "0.1.0"
