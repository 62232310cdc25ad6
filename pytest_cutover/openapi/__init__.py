"""The OpenAPI document of a service, read once and for every room: Swagger 2.0, 3.0 and 3.1.

    path or URL ─▶ read (YAML or JSON) ─▶ bundle (what other files hold) ─▶ versions (one form)
    ─▶ document (operations, responses, server paths) ─▶ contract, coverage, performance, fuzz

`read.load_document` is the door. `bundle`, `versions`, `document`, `inputs` and `schema` are pure.
Nothing here needs an extra. Imports `config` and `core`, and the HTTP library for a URL.
"""
