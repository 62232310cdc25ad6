"""What was promised, against what was answered: the families `contract` and `coverage`.

`openapi/` reads the document, `validate` holds one exchange against it (in the process that saw
it, so that no body travels), `gates` and `coverage` judge. `plugin` is their door to pytest.
"""
