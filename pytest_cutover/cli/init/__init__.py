"""`pytest-cutover init`: from two URLs to a first run that answers about the API.

`survey` asks both backends, with GET and OPTIONS alone, and says what it found; `first_tests` and
`files` turn that into texts without asking anybody; `command` is the command line, and writes.
"""
