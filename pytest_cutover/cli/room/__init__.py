"""`pytest-cutover room`: all phases of a target on one page, for those who switch together.

`folders` reads what runs and watches left, `board` makes of it what the page says (pure), `page`
renders it, `command` writes it again and again. The page needs no server: it reloads itself.
"""
