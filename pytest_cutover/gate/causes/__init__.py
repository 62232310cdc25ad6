"""From findings to causes: what one change in the candidate explains, over endpoints and tests."""
