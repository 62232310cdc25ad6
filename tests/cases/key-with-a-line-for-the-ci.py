"""A member's name holds line breaks and a command for the CI's log reader. What is printed of it must not begin a line
with that command."""

EXPECT = ["finding added *", "no line: ::stop-commands", "no line: ::add-mask"]


def answer(side, request):
    evil = {"x\n::stop-commands::abc\n::add-mask::NO-GO\ny": 1} if side == "candidate" else {}
    return 200, {}, {"a": 1, **evil}


TESTS = """
@C("GET /tags")
def test_tags(backend):
    backend.get("/tags")
"""
