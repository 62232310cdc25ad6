"""What FlowViz's clients rely on, asked of both backends.

`matrix.py` says which requests are made, `test_matrix.py` that none is missing, and the other files
make them. Run them all: `pytest tests/characterization/ -v --tb=short`.
"""
