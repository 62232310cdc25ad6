"""A help text of some pages differs in one word near its end; the screen showed the same two hundred letters twice."""

EXPECT = ["finding value /help", "text: OKAPI", "text: ZEBRA"]


def answer(side, request):
    text = "".join(f"Paragraph number {i} of the manual says nothing new. " for i in range(120))
    return (
        200,
        {},
        {
            "help": text
            + f"The mascot is an {'ZEBRA' if side == 'candidate' else 'OKAPI'}. Goodbye."
        },
    )


TESTS = """
@C("GET /help")
def test_it(backend):
    assert "help" in backend.get("/help").json()
"""
