"""HTML to a tree: forgiving like a browser, and of the same shape as that of XML.

``<ul class="a"><li>Gate</li></ul>`` is ``{"@class": "a", "ul": [{"li": "Gate"}]}``; the page is the
list of what stands at its top. `xml_document` says what ``#space``, ``#close`` and ``#comment``
are. Also: ``#doctype``, ``#markup`` (``<!…>``, ``<?…>`` and ``</…>`` that are no tag), ``#end`` (an
end tag that closes nothing), ``"#open": true`` (an element whose end tag was left out), ``"#slash":
true`` (``<g/>``), ``#unfinished`` (what the end of the page cut off). Scripts and styles are text.
An attribute that comes again is ``@name 2``, one without ``=`` is null.

The order of tags can be read back from the tree: an end tag that is moved, lost or added is seen.

| held equal | why |
|---|---|
| the order of attributes | browsers keep none that a page can rely on |
| how an attribute is quoted, white space and slashes between attributes | not in the document |
| letter case of the names of elements and attributes | HTML has none |
| `<br>` and `<br/>`, of elements that are always empty | the slash says nothing |
| a character as itself or as a reference (`&amp;`, `&#38;`) | not in the document |
| line ends: LF, CR LF or CR | browsers make them one |
| white space behind the name in an end tag | not in the document |

Read here and not by `html.parser`, which reads scripts and comments differently from one patch
release of Python to the next: a golden must mean the same under each. Source: HTML Living Standard,
13.2.5, as far as it decides which tags, texts and attributes there are.
"""

from __future__ import annotations

import html
import re
from html.entities import html5

from pytest_cutover.normalize.bodies.reading import (
    DEEPEST_ELEMENT,
    BodySource,
    Tree,
    Unreadable,
    close_element,
    is_blank,
)

_NAME = re.compile(r"[A-Za-z][^\s/>]*+", re.ASCII)
_ATTRIBUTE = re.compile(
    r"""[\s/]*+([^\s/>][^\s/>=]*+)(?:\s*+(=)\s*+("[^"]*+"|'[^']*+'|[^\s>"'][^\s>]*+)?+)?+""",
    re.ASCII,
)
_REST_OF_TAG = re.compile(r"[\s/]*+", re.ASCII)
_REFERENCE = re.compile(r"&(?:#[xX][0-9a-fA-F]++;?+|#[0-9]++;?+|[A-Za-z][A-Za-z0-9]*+;?+)")
_EMPTY = frozenset(
    (
        *("area", "base", "basefont", "br", "col", "embed", "frame", "hr", "img", "input", "link"),
        *("meta", "param", "source", "track", "wbr"),
    )
)
_RAW = frozenset(("script", "style", "xmp", "iframe", "noembed", "noframes"))
_RAW_BUT_REFERENCES = frozenset(("textarea", "title"))
_END_OF_RAW = {
    name: re.compile(f"</{name}(?=[\\s/>])", re.IGNORECASE) for name in _RAW | _RAW_BUT_REFERENCES
}
_BLOCKS = (
    *("address", "article", "aside", "blockquote", "center", "details", "dialog", "dir", "div"),
    *("dl", "fieldset", "figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5"),
    *("h6", "header", "hgroup", "hr", "main", "menu", "nav", "ol", "p", "pre", "search"),
    *("section", "table", "ul"),
)
# Which open elements end where another begins.
_ENDS = {
    **dict.fromkeys(_BLOCKS, frozenset(("p",))),
    "li": frozenset(("li", "p")),
    **dict.fromkeys(("dt", "dd"), frozenset(("dt", "dd", "p"))),
    **dict.fromkeys(("td", "th"), frozenset(("td", "th", "p"))),
    "tr": frozenset(("td", "th", "tr", "p")),
    **dict.fromkeys(
        ("tbody", "thead", "tfoot"), frozenset(("td", "th", "tr", "tbody", "thead", "p"))
    ),
    "option": frozenset(("option",)),
    "optgroup": frozenset(("option", "optgroup")),
    "body": frozenset(("head",)),
}


def read(source: BodySource) -> Tree:
    """Return the page. Raises Unreadable where it is not in its charset, or nested too deep."""
    text = source.text()
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    return _Page(text).read()


class _Page:
    """Goes through a page once, from one `<` to the next."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0
        self._top: list[Tree] = []
        # Name, node and children of each open element; the outermost is the page.
        self._open: list[tuple[str, dict[str, Tree], list[Tree]]] = [("", {}, self._top)]
        self._pending: list[str] = []

    def read(self) -> Tree:
        """Return the nodes at the top of the page."""
        text = self._text
        while True:
            at = text.find("<", self._at)
            if at < 0:
                break
            if at > self._at:
                self._pending.append(text[self._at : at])
            self._at = at
            self._sign(text[at + 1 : at + 2])
        if self._at < len(text):
            self._pending.append(text[self._at :])
        while len(self._open) > 1:
            self._close(written=False)
        ending = self._take_text()
        if ending:
            self._top.append(ending)
        return self._top

    def _sign(self, sign: str) -> None:
        text, at = self._text, self._at
        if sign.isascii() and sign.isalpha():
            self._start_tag()
        elif sign == "/":
            following = text[at + 2 : at + 3]
            if following.isascii() and following.isalpha():
                self._end_tag()
            elif following:
                self._until(">", "#markup", at + 1)
            else:
                self._literal()
        elif sign == "!":
            self._declaration()
        elif sign == "?":
            self._until(">", "#markup", at + 1)
        else:
            self._literal()

    def _literal(self) -> None:
        """Keep a `<` that begins nothing."""
        self._pending.append("<")
        self._at += 1

    def _declaration(self) -> None:
        text, at = self._text, self._at
        if text.startswith("<!--", at):
            for empty in ("<!-->", "<!--->"):
                if text.startswith(empty, at):
                    self._add({"#comment": None if empty == "<!-->" else ""})
                    self._at = at + len(empty)
                    return
            self._until("-->", "#comment", at + 4)
        elif text[at + 2 : at + 9].lower() == "doctype":
            self._until(">", "#doctype", at + 9)
        elif text.startswith("<![CDATA[", at) and any(
            name in ("svg", "math") for name, _, _ in self._open
        ):
            self._until("]]>", "#cdata", at + 9)
        else:
            self._until(">", "#markup", at + 1)

    def _until(self, end: str, name: str, start: int) -> None:
        found = self._text.find(end, start)
        if found < 0:
            self._unfinished()
            return
        self._add({name: self._text[start:found]})
        self._at = found + len(end)

    def _unfinished(self) -> None:
        self._add({"#unfinished": self._text[self._at :]})
        self._at = len(self._text)

    def _start_tag(self) -> None:
        text = self._text
        found = _NAME.match(text, self._at + 1)
        assert found is not None  # a letter was seen
        name = found[0].lower()
        attributes: dict[str, Tree] = {}
        times: dict[str, int] = {}
        at = found.end()
        while True:
            attribute = _ATTRIBUTE.match(text, at)
            if attribute is None:
                break
            key, equals, value = "@" + attribute[1].lower(), attribute[2], attribute[3]
            plain: Tree = "" if equals else None
            if value is not None:
                plain = _attribute_text(value[1:-1] if value[0] in "\"'" else value)
            repeated = times[key] = times.get(key, 0) + 1
            if repeated > 1:
                key = f"{key} {repeated}"
            attributes[key] = plain
            at = attribute.end()
        rest = _REST_OF_TAG.match(text, at)
        assert rest is not None  # it may be empty
        end = rest.end()
        if not text.startswith(">", end):
            self._unfinished()
            return
        self._at = end + 1
        self._element(name, attributes, slash=text[end - 1] == "/" and rest[0] != "")

    def _element(self, name: str, attributes: dict[str, Tree], *, slash: bool) -> None:
        ends = _ENDS.get(name)
        while ends is not None and self._open[-1][0] in ends:
            self._close(written=False)
        node: dict[str, Tree] = attributes
        self._add(node)
        node[name] = ""
        if name in _EMPTY:
            return
        if slash:
            node["#slash"] = True
            return
        if name in _END_OF_RAW:
            self._raw(name, node)
            return
        if len(self._open) > DEEPEST_ELEMENT:
            raise Unreadable("nested too deep to compare by field")
        self._open.append((name, node, []))

    def _raw(self, name: str, node: dict[str, Tree]) -> None:
        """Read the content of an element in which no tag is one but its end."""
        end = _END_OF_RAW[name].search(self._text, self._at)
        content = self._text[self._at : end.start() if end else len(self._text)]
        if name in _RAW_BUT_REFERENCES and "&" in content:
            content = html.unescape(content)
        node[name] = content
        if end is None:
            node["#open"] = True
            self._at = len(self._text)
            return
        self._at = end.start()
        closed = self._text.find(">", end.end())
        if closed < 0:
            node["#open"] = True
            self._unfinished()
            return
        self._in_end_tag(node, self._text[end.end() : closed])
        self._at = closed + 1

    def _end_tag(self) -> None:
        found = _NAME.match(self._text, self._at + 2)
        assert found is not None  # a letter was seen
        end = self._text.find(">", found.end())
        if end < 0:
            self._unfinished()
            return
        name, more = found[0].lower(), self._text[found.end() : end]
        if any(name == one for one, _, _ in self._open):
            while self._open[-1][0] != name:
                self._close(written=False)
            self._in_end_tag(self._open[-1][1], more)
            self._close(written=True)
        else:
            stray: dict[str, Tree] = {"#end": name}
            self._in_end_tag(stray, more)
            self._add(stray)
        self._at = end + 1

    @staticmethod
    def _in_end_tag(node: dict[str, Tree], more: str) -> None:
        if not is_blank(more):
            node["#in end tag"] = more

    def _close(self, *, written: bool) -> None:
        name, node, children = self._open.pop()
        close_element(name, node, children, self._take_text())
        if not written:
            node["#open"] = True

    def _add(self, node: dict[str, Tree]) -> None:
        """Put a node behind the text that came before it."""
        children = self._open[-1][2]
        text = self._take_text()
        if text:
            if is_blank(text):
                node["#space"] = text
            else:
                children.append(text)
        children.append(node)

    def _take_text(self) -> str:
        if not self._pending:
            return ""
        text = self._pending[0] if len(self._pending) == 1 else "".join(self._pending)
        self._pending = []
        return html.unescape(text) if "&" in text else text


def _attribute_text(value: str) -> str:
    """Return the text of an attribute; `&copy=2` in a query is no reference there (13.2.5.73)."""
    return _REFERENCE.sub(_of_reference, value) if "&" in value else value


def _of_reference(found: re.Match[str]) -> str:
    text = found[0]
    if text[1] == "#":
        return html.unescape(text)
    if text.endswith(";"):
        return html5.get(text[1:], text)
    following = found.string[found.end() : found.end() + 1]
    return text if following == "=" else html5.get(text[1:], text)
