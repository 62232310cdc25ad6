"""An export begins with the time it was made and ends with an id of the export; one quantity in between is wrong."""

import time
import uuid

EXPECT = ["no-go", "text: 1050", "findings <= 2"]


def answer(side, request):
    now = time.time()
    made = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(now)) + f".{int(now * 1000) % 1000:03d}Z"
    rows = "".join(
        f"{i},Bolt {i},{0 if side == 'candidate' and i == 350 else i * 3}\r\n"
        for i in range(1, 700)
    )
    text = f"# exported {made}\r\nid,name,quantity\r\n{rows}# end of {uuid.uuid4()}\r\n"
    return 200, {"Content-Type": "text/csv; charset=utf-8"}, text


TESTS = """
@C("GET /stock.csv")
def test_it(backend):
    assert "id,name,quantity" in backend.get("/stock.csv").text
"""
