"""A WebDAV server is asked for a folder's properties; the method is PROPFIND, and so says the marker."""

EXPECT = "go"


def answer(side, request):
    xml = '<?xml version="1.0"?><D:multistatus xmlns:D="DAV:"><D:response><D:href>/files/</D:href></D:response></D:multistatus>'
    return 207, {"Content-Type": "application/xml; charset=utf-8"}, xml


TESTS = """
@C("PROPFIND /files/")
def test_properties(backend):
    assert backend.request("PROPFIND", "/files/", headers={"Depth": "1"}).status_code == 207
"""
