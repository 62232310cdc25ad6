"""XML (and what is: RSS, SOAP, SVG, `+xml`) to a tree whose pointers read like paths.

An element is an object: its children under its name, its attributes beside them. ``<entry
id="7"><title>Gate</title></entry>`` is ``{"@id": "7", "entry": [{"title": "Gate"}]}``. An element
of nothing but text has that text, an empty one the empty text; else a list of texts and elements.
Space before a tag that stands alone there is ``#space`` of what follows, before an end tag
``#close``, so that a list of rows is a list of alike objects. Comments are ``#comment``, CDATA is
``#cdata``, processing instructions are ``?target``. The document is its root element and ``#xml``
(the declaration), ``#bom``, ``#before`` and ``#after`` (what stands around the root).

Names are kept as they are spelled, with their prefix, and `xmlns` is an attribute: two prefixes for
one namespace are told apart, for there are clients that look for ``<dc:title``.

| held equal | why |
|---|---|
| the order of attributes | XML 1.0, 3.1 |
| how an attribute is quoted, and white space inside a tag | no parser hands it on |
| `<a/>` and `<a></a>` | XML 1.0, 3.1 |
| a character as itself or as a reference (`&lt;`, `&#60;`) | no parser hands it on |
| line ends as LF or CR LF, and white space of one kind or another in an attribute | XML 1.0, 2.11 |
| white space outside of the root element | no parser hands it on |

A document type with declarations of its own is not read (entities are never expanded, nothing is
fetched), nor is an entity that is declared elsewhere.
"""

from __future__ import annotations

from typing import NamedTuple
from xml.parsers import expat

from pytest_cutover.normalize.bodies.reading import (
    DEEPEST_ELEMENT,
    BodySource,
    Tree,
    Unreadable,
    close_element,
    is_blank,
)

_BYTE_ORDER_MARKS = (
    (b"\xef\xbb\xbf", "utf-8"),
    (b"\xff\xfe", "utf-16-le"),
    (b"\xfe\xff", "utf-16-be"),
)
_COMPLAINTS = {
    expat.errors.codes[expat.errors.XML_ERROR_NO_ELEMENTS]: "XML cut off",
    expat.errors.codes[expat.errors.XML_ERROR_UNCLOSED_TOKEN]: "XML cut off",
    expat.errors.codes[expat.errors.XML_ERROR_PARTIAL_CHAR]: "XML cut off",
    expat.errors.codes[expat.errors.XML_ERROR_UNCLOSED_CDATA_SECTION]: "XML cut off",
    expat.errors.codes[expat.errors.XML_ERROR_JUNK_AFTER_DOC_ELEMENT]: "data after the end",
    expat.errors.codes[expat.errors.XML_ERROR_INVALID_TOKEN]: "not XML: a character or sign that"
    " may not stand there",
    expat.errors.codes[expat.errors.XML_ERROR_UNKNOWN_ENCODING]: "unknown charset",
    expat.errors.codes[expat.errors.XML_ERROR_UNDEFINED_ENTITY]: "entity that is not declared",
}


class _Open(NamedTuple):
    name: str
    node: dict[str, Tree]
    children: list[Tree]


def read(source: BodySource) -> Tree:
    """Return the document. Raises Unreadable where it is not well-formed, or has entities of
    its own.
    """
    builder = _Builder()
    for mark, name in _BYTE_ORDER_MARKS:
        if source.body.startswith(mark):
            builder.document["#bom"] = name
    try:
        parser = expat.ParserCreate(source.parameters.get("charset"))
        builder.listen(parser)
        parser.Parse(source.body, True)
    except expat.ExpatError as error:
        what = _COMPLAINTS.get(error.code, f"not XML: {expat.errors.messages.get(error.code, '')}")
        raise Unreadable(what, f"line {error.lineno}") from None
    except (LookupError, UnicodeError, ValueError) as error:
        if isinstance(error, Unreadable):
            raise
        raise Unreadable("unknown charset") from None
    return builder.finished()


class _Builder:
    """Builds the tree from what the parser comes across."""

    def __init__(self) -> None:
        self.document: dict[str, Tree] = {}
        self._root: dict[str, Tree] | None = None
        self._before: list[Tree] = []
        self._after: list[Tree] = []
        self._open: list[_Open] = []
        self._text: list[str] = []
        self._cdata: list[str] | None = None

    def listen(self, parser: expat.XMLParserType) -> None:
        """Be told what the parser comes across."""
        parser.ordered_attributes = True
        parser.buffer_text = True
        parser.buffer_size = 1 << 16
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._character_data
        parser.CommentHandler = lambda text: self._add({"#comment": text})
        parser.ProcessingInstructionHandler = lambda target, text: self._add({f"?{target}": text})
        parser.StartCdataSectionHandler = self._start_cdata
        parser.EndCdataSectionHandler = self._end_cdata
        parser.XmlDeclHandler = self._declaration
        parser.StartDoctypeDeclHandler = self._document_type
        parser.SkippedEntityHandler = self._entity
        parser.SetParamEntityParsing(expat.XML_PARAM_ENTITY_PARSING_NEVER)

    def finished(self) -> Tree:
        """Return the tree of the whole document."""
        before: dict[str, Tree] = {"#before": self._before} if self._before else {}
        after: dict[str, Tree] = {"#after": self._after} if self._after else {}
        return {**self.document, **before, **(self._root or {}), **after}

    def _declaration(self, version: str, encoding: str | None, standalone: int) -> None:
        declared: dict[str, Tree] = {"version": version}
        if encoding is not None:
            declared["encoding"] = encoding
        if standalone >= 0:
            declared["standalone"] = "yes" if standalone else "no"
        self.document["#xml"] = declared

    def _document_type(
        self, name: str, system: str | None, public: str | None, has_declarations: int
    ) -> None:
        if has_declarations:
            raise Unreadable("document type with declarations of its own")
        self._add({"#doctype": {"name": name, "public": public, "system": system}})

    def _entity(self, name: str, _is_parameter: bool) -> None:
        raise Unreadable("entity that is not declared", name)

    def _character_data(self, text: str) -> None:
        (self._text if self._cdata is None else self._cdata).append(text)

    def _start_cdata(self) -> None:
        self._cdata = []

    def _end_cdata(self) -> None:
        text, self._cdata = "".join(self._cdata or ()), None
        self._add({"#cdata": text})

    def _add(self, node: dict[str, Tree]) -> None:
        """Put a node behind the text that came before it."""
        if self._text:
            text = "".join(self._text)
            self._text = []
            if is_blank(text):
                node["#space"] = text
            else:
                self._open[-1].children.append(text)
        if self._open:
            self._open[-1].children.append(node)
        else:
            (self._before if self._root is None else self._after).append(node)

    def _start(self, name: str, attributes: list[str]) -> None:
        if len(self._open) >= DEEPEST_ELEMENT:
            raise Unreadable("nested too deep to compare by field")
        node: dict[str, Tree] = {}
        if self._open:
            self._add(node)
        else:
            self._root = node
        for at in range(0, len(attributes), 2):
            node["@" + attributes[at]] = attributes[at + 1]
        node[name] = ""
        self._open.append(_Open(name, node, []))

    def _end(self, name: str) -> None:
        _, node, children = self._open.pop()
        text, self._text = "".join(self._text), []
        close_element(name, node, children, text)
