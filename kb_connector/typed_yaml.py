"""Read a YAML file straight into frozen dataclasses; what does not fit is named by file, line and key."""
from __future__ import annotations

import dataclasses
import types
import typing
from collections.abc import Mapping, Sequence
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any, TypeVar

import yaml

from kb_connector.errors import ConnectorError

T = TypeVar("T")


class PolicyError(ConnectorError):
    """A policy or article file does not say what it must; the message names file, line and key."""


def read_yaml(path: Path, shape: type[T]) -> T:
    """The file's content as a `shape` (a dataclass, or a tuple or mapping of dataclasses)."""
    try:
        node = yaml.compose(path.read_text("utf-8"), Loader=yaml.SafeLoader)
    except OSError as exc:
        raise PolicyError(f"{path}: cannot be read ({exc.strerror})") from exc
    except yaml.MarkedYAMLError as exc:
        line = exc.problem_mark.line + 1 if exc.problem_mark else 1
        raise PolicyError(f"{path}:{line}: not valid YAML: {exc.problem}") from exc
    if node is None:
        raise PolicyError(f"{path}:1: the file is empty")
    return _Reader(path).value(node, shape, "")


class _Reader:
    """Turns nodes into values, carrying the key's path for the error message."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def value(self, node: yaml.Node, shape: Any, key: str) -> Any:
        origin, inner = typing.get_origin(shape), typing.get_args(shape)
        if origin in (typing.Union, types.UnionType):
            return None if _is_null(node) else self.value(node, next(t for t in inner if t is not type(None)), key)
        if dataclasses.is_dataclass(shape):
            return self._record(node, shape, key)
        if origin is tuple or origin is Sequence:
            items = self._expect(node, yaml.SequenceNode, "a list", key).value
            return tuple(self.value(item, inner[0], f"{key}[{i}]") for i, item in enumerate(items))
        if origin is Mapping:
            return {name: self.value(child, inner[1], _join(key, name)) for name, child in self._pairs(node, key).items()}
        return self._scalar(self._expect(node, yaml.ScalarNode, "a single value", key), shape, key)

    def _record(self, node: yaml.Node, shape: Any, key: str) -> Any:
        hints, pairs = typing.get_type_hints(shape), self._pairs(node, key)
        for name in pairs:
            if name not in hints:
                raise self._error(pairs[name], _join(key, name), f"unknown key; known are {', '.join(hints)}")
        for field in dataclasses.fields(shape):
            needed = field.default is dataclasses.MISSING and field.default_factory is dataclasses.MISSING
            if needed and field.name not in pairs:
                raise self._error(node, _join(key, field.name), "missing")
        try:
            return shape(**{name: self.value(child, hints[name], _join(key, name)) for name, child in pairs.items()})
        except ValueError as exc:
            raise self._error(node, key, str(exc)) from exc

    def _pairs(self, node: yaml.Node, key: str) -> dict[str, yaml.Node]:
        pairs: dict[str, yaml.Node] = {}
        for name, child in self._expect(node, yaml.MappingNode, "a mapping", key).value:
            if name.value in pairs:
                raise self._error(name, _join(key, name.value), "stands here twice")
            pairs[name.value] = child
        return pairs

    def _scalar(self, node: yaml.ScalarNode, shape: Any, key: str) -> Any:
        text = node.value.strip()
        if _is_null(node):
            raise self._error(node, key, "has no value")
        try:
            if shape is bool:
                return {"true": True, "false": False}[text.lower()]
            return {int: int, Decimal: Decimal, float: float}.get(shape, str)(text)
        except (ValueError, KeyError, InvalidOperation):
            raise self._error(node, key, f"{text!r} is not a {shape.__name__}") from None

    def _expect(self, node: yaml.Node, kind: type, words: str, key: str) -> Any:
        if not isinstance(node, kind):
            raise self._error(node, key, f"must be {words}")
        return node

    def _error(self, node: yaml.Node, key: str, problem: str) -> PolicyError:
        return PolicyError(f"{self._path}:{node.start_mark.line + 1}: {key or 'file'}: {problem}")


def _is_null(node: yaml.Node) -> bool:
    return isinstance(node, yaml.ScalarNode) and node.tag == "tag:yaml.org,2002:null"


def _join(key: str, name: str) -> str:
    return f"{key}.{name}" if key else name
