"""A page of an admin site has a rotating token in two forms; the new side changes one attribute of one input."""

import secrets

EXPECT = ["no-go", "text: 0.25", "findings <= 2"]


def answer(side, request):
    token, step = secrets.token_urlsafe(32), "0.25" if side == "candidate" else "0.01"
    hidden = f'<input type="hidden" name="csrf" value="{token}">'
    page = (
        f"<!doctype html><html><body><form action=/logout>{hidden}<button>Log out</button></form><h1>Add product</h1>"
        f'<form method=post>{hidden}<label>Name <input name="name"></label><label>Price <input name="price" step="{step}"></label>'
        "<button>Save</button></form></body></html>"
    )
    return 200, {"Content-Type": "text/html; charset=utf-8"}, page


TESTS = """
@C("GET /admin/product/add/")
def test_form(backend):
    assert "Add product" in backend.get("/admin/product/add/").text
"""
