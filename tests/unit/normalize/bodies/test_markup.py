"""XML and HTML."""

import pytest
from hypothesis import given

from tests.unit.normalize.bodies.documents import changed, require_seen, tree, why_not

XML, HTML = "application/xml", "text/html; charset=utf-8"


def test_an_element_holds_its_children_under_its_name_and_its_attributes_beside_them():
    body = '<?xml version="1.0" encoding="utf-8"?>\n<f>\n <e id="7">a<b/>c</e>\n <t>x</t>\n</f>'
    assert tree(XML, body) == {
        "#xml": {"version": "1.0", "encoding": "utf-8"},
        "f": [
            {"#space": "\n ", "@id": "7", "e": ["a", {"b": ""}, "c"]},
            {"#space": "\n ", "t": "x"},
        ],
        "#close": "\n",
    }


def test_comments_instructions_cdata_and_doctypes_are_nodes():
    body = '<!DOCTYPE a PUBLIC "p" "s"><?go now?><a><!-- c --><![CDATA[<x>]]></a><!-- end -->'
    assert tree(XML, body) == {
        "#before": [{"#doctype": {"name": "a", "public": "p", "system": "s"}}, {"?go": "now"}],
        "a": [{"#comment": " c "}, {"#cdata": "<x>"}],
        "#after": [{"#comment": " end "}],
    }


@pytest.mark.parametrize("kind", ["text/xml", "application/rss+xml", "image/svg+xml",
                                  "application/soap+xml"])  # fmt: skip
def test_what_is_xml_is_read_as_such(kind):
    assert tree(kind, "<a>1</a>") == {"a": "1"}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ('<a b="1" c="2"/>', '<a c="2" b="1"/>'),
        ('<a b="1"/>', "<a  b = '1' />"),
        ("<a></a>", "<a/>"),
        ("<a>&lt;&#65;</a>", "<a>&#60;A</a>"),
        ("<a>\n</a>", "<a>\r\n</a>"),
        ('<a b="x y"/>', '<a b="x\ny"/>'),
        ("<a/>", "\n<a/>\n"),
    ],
)
def test_xml_holds_equal_what_the_table_says(one, other):
    assert tree(XML, one) == tree(XML, other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("<a><![CDATA[x]]></a>", "<a>x</a>"),
        ('<p:a xmlns:p="u"/>', '<q:a xmlns:q="u"/>'),
        ("<a/>", "\ufeff<a/>"),
        ("<a>x</a>", "<a> x</a>"),
        ("<a><b/><c/></a>", "<a><b/> <c/></a>"),
        ('<?xml version="1.0"?><a/>', '<?xml version="1.0" standalone="yes"?><a/>'),
    ],
)
def test_xml_tells_apart_what_some_client_would(one, other):
    assert tree(XML, one) != tree(XML, other)


@pytest.mark.parametrize(
    ("body", "what"),
    [
        ("<a><b>", "XML cut off"),
        ("<a><b", "XML cut off"),
        ("<a/>rubbish", "data after the end"),
        ("<a/><a/>", "data after the end"),
        ("<a><b></a>", "not XML: mismatched tag"),
        (b"<a>\xff</a>", "not XML: a character or sign that may not stand there"),
        ('<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>', "document type with declarations of its own"),
        ('<!DOCTYPE a SYSTEM "s"><a>&x;</a>', "entity that is not declared"),
        ("<a>&x;</a>", "entity that is not declared"),
        ("<a>" * 1000 + "</a>" * 1000, "nested too deep to compare by field"),
    ],
)
def test_xml_that_is_none_or_hides_something_is_unreadable(body, what):
    assert why_not(XML, body) == what


@given(changed(["<b>", "</b>", "<c/>", '<d e="1"/>', '<d e="2"/>', "x", "y", " ", "\n", "<!--x-->",
                "<?p x?>", "<![CDATA[x]]>", "&lt;", "<n:b/>"]))  # fmt: skip
def test_a_changed_token_of_xml_is_seen(pair):
    one, other = ("<a>" + "".join(tokens) + "</a>" for tokens in pair)
    same = (text.replace("<b></b>", "<b/>") for text in (one, other))
    require_seen(XML, one, other, same=len(set(same)) == 1)


def test_a_page_is_a_tree_of_the_same_shape():
    page = '<!doctype html>\n<html><ul class="x"><li>Gate<li>Door</ul><input disabled></html>'
    assert tree(HTML, page) == [
        {"#doctype": " html"},
        {
            "#space": "\n",
            "html": [
                {
                    "@class": "x",
                    "ul": [{"li": "Gate", "#open": True}, {"li": "Door", "#open": True}],
                },
                {"@disabled": None, "input": ""},
            ],
        },
    ]


def test_scripts_styles_and_fields_of_text_hold_no_tags():
    page = "<script>if (a<b) {'</b>'}</script><textarea><b>&lt;</textarea>"
    assert tree(HTML, page) == [{"script": "if (a<b) {'</b>'}"}, {"textarea": "<b><"}]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ('<a b="1" c="2"></a>', '<a c="2" b="1"></a>'),
        ('<a b="1"></a>', "<a  b = 1 / ></a>"),
        ("<A B=1></A>", "<a b=1></a>"),
        ("<br>", "<br/>"),
        ("&lt;&#65;&amp;", "&#60;A&"),
        ('<a b="&quot;">x</a>', "<a b='\"'>x</a>"),
        ("a\nb", "a\r\nb"),
        ("a\nb", "a\rb"),
        ("<a></a>", "<a></a >"),
    ],
)
def test_pages_hold_equal_what_the_table_says(one, other):
    assert tree(HTML, one) == tree(HTML, other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("<input a>", '<input a="">'),
        ("<p>a<p>b", "<p>a</p><p>b"),
        ("<b><i>x</b></i>", "<b><i>x</i></b>"),
        ("<p>a</p>", "<p>a</p></p>"),
        ("<a b=1 b=2></a>", "<a b=1></a>"),
        ('<a b="?x=1&copy=2"></a>', '<a b="?x=1©=2"></a>'),
        ("<div/>", "<div>"),
        ("<p>a", "<p>a<"),
        ("<!-- a -->", "<!-- a --"),
        ("<p class='a", "<p class='a'"),
    ],
)
def test_pages_tell_apart_what_some_client_would(one, other):
    assert tree(HTML, one) != tree(HTML, other)


@pytest.mark.parametrize(
    "page",
    [
        *("<" * 200_000, "<a " * 100_000, "<!--" * 100_000, "</a" * 100_000, "<a b='" * 100_000),
        *('<a b="' * 100_001, "<textarea>" * 50_000, "&" * 300_000, "<a" + " " * 300_000),
        *("</b>" * 50_000, "<script></scrip" * 50_000, "<a" + " x" * 100_000, "<![CDATA[" * 90_000),
    ],
)
def test_a_page_made_to_take_for_ever_is_read(page):
    assert tree(HTML, page)


@pytest.mark.parametrize(
    ("page", "what"),
    [
        (b"<p>\xff", "invalid UTF-8"),
        ("<b>" * 1000, "nested too deep to compare by field"),
    ],
)
def test_a_page_that_cannot_be_a_tree_is_unreadable(page, what):
    assert why_not(HTML, page) == what


_PAGE_TOKENS = (
    *("<p>", "</p>", "<b>", "</b>", "<li>", "</li>", "<ul>", "</ul>", "<br>", "x", "y", " ", "<"),
    *("<!--x-->", "<!-->", "<script>", "</script>", '<i a="1">', '<i a="2">', "</i>", "<svg/>"),
    *("<?x>", "</ >", "<td>", "<tr>", "&amp;", "<title>", "</title>", "<!x>"),
)


@given(changed(_PAGE_TOKENS))
def test_a_changed_token_of_a_page_is_seen(pair):
    one, other = ("".join(tokens) for tokens in pair)
    require_seen(HTML, one, other, same=one == other)
