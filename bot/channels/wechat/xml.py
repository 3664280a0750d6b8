"""Tencent's XML in and out: small, flat, without document types."""
from __future__ import annotations

from collections.abc import Mapping
from xml.parsers import expat

MOST = 64 * 1024
_DEPTH = 6


class BadXml(ValueError):
    """Not the XML that Tencent sends."""


class _Reader:
    """Collects the root's children as text; deeper elements are read over."""

    def __init__(self) -> None:
        self.fields: dict[str, str] = {}
        self._path: list[str] = []
        self._text: list[str] = []

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if not self._path and name != "xml":
            raise BadXml("wrong root")
        if len(self._path) >= _DEPTH:
            raise BadXml("too deep")
        if len(self._path) == 1 and name in self.fields:
            raise BadXml("a field came twice")
        self._path.append(name)
        if len(self._path) == 2:
            self._text = []

    def end(self, name: str) -> None:
        if len(self._path) == 2:
            self.fields[name] = "".join(self._text)
        self._path.pop()

    def text(self, data: str) -> None:
        if len(self._path) == 2:
            self._text.append(data)


def read(data: bytes) -> dict[str, str]:
    """The root's fields; BadXml for anything else, cheaply."""
    if len(data) > MOST or b"<!DOCTYPE" in data or b"<!ENTITY" in data:
        raise BadXml("too large, or declares a document type")
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        raise BadXml("not UTF-8") from None
    reader, parser = _Reader(), expat.ParserCreate("UTF-8")
    parser.StartElementHandler, parser.EndElementHandler, parser.CharacterDataHandler = reader.start, reader.end, reader.text
    parser.StartDoctypeDeclHandler = _refuse
    try:
        parser.Parse(data, True)
    except expat.ExpatError:
        raise BadXml("not well formed") from None
    return reader.fields


def _refuse(*_: object) -> None:
    raise BadXml("declares a document type")


def cdata(text: str) -> str:
    """`text` so that no `]]>` in it ends the section."""
    return "<![CDATA[" + text.replace("]]>", "]]]]><![CDATA[>") + "]]>"


def write(fields: Mapping[str, str | int | Mapping[str, str]]) -> str:
    """One level of fields, and one below it."""
    return f"<xml>{_fields(fields)}</xml>"


def _fields(fields: Mapping[str, object]) -> str:
    return "".join(f"<{name}>{_value(value)}</{name}>" for name, value in fields.items())


def _value(value: object) -> str:
    if isinstance(value, Mapping):
        return _fields(value)
    return str(value) if isinstance(value, int) else cdata(str(value))
