"""What may stand in a value: the keys, words and kinds that an entity's fields have.

Shapes are made from the types of the store's columns and of plan files, so a new field is known at
once.
"""

import dataclasses
import datetime as dt
import difflib
import types
import typing
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any

from pydantic import AwareDatetime, BaseModel

from assistant.scenarios.values import Given, Key

Fault = tuple[int, str]
"""A line, and what is wrong on it."""

CONDITIONS = ("at_least", "at_most", "any_of", "contains", "length", "not")
"""What may be said of a value in place of the value itself."""


@dataclass(frozen=True, slots=True)
class Shape:
    """fields: of a group; item: of a list's entries; words: all that there are; kind: of a scalar.

    A shape with none of them takes anything.
    """

    fields: "Mapping[str, Shape] | None" = None
    item: "Shape | None" = None
    words: tuple[str, ...] = ()
    kind: type | None = None


ANYTHING = Shape()


def shape_of(kind: Any) -> Shape:
    """Return the shape of a type: dataclass, pydantic model, tuple, enum, literal or scalar."""
    origin, arguments = typing.get_origin(kind), typing.get_args(kind)
    if origin is typing.Annotated:
        return shape_of(arguments[0])
    if origin in (typing.Union, types.UnionType):
        others = [each for each in arguments if each is not types.NoneType]
        return shape_of(others[0]) if len(others) == 1 else ANYTHING
    if origin is typing.Literal:
        return Shape(words=tuple(map(str, arguments)), kind=str)
    if origin in (tuple, list):
        return Shape(item=shape_of(arguments[0]))
    if isinstance(kind, type):
        return _of_class(kind)
    return ANYTHING


def _of_class(kind: type) -> Shape:
    if issubclass(kind, Enum):
        return Shape(words=tuple(str(each.value) for each in kind), kind=str)
    if issubclass(kind, BaseModel) or dataclasses.is_dataclass(kind):
        hints = typing.get_type_hints(kind)
        names = (
            list(kind.model_fields)
            if issubclass(kind, BaseModel)
            else [field.name for field in dataclasses.fields(kind)]
        )
        return Shape(fields={name: shape_of(hints[name]) for name in names})
    if kind is AwareDatetime:
        return Shape(kind=dt.datetime)
    if kind in (bool, int, float, str, dt.date):
        return Shape(kind=kind)
    return ANYTHING


def faults_in(given: Given, shape: Shape, where: str, *, conditions: bool = False) -> list[Fault]:
    """Return what a value says that its shape does not have.

    where: what the value is, for people. conditions: whether it may be one of CONDITIONS.
    """
    value = given.value
    if value is None:
        return []
    if isinstance(value, dict):
        if conditions and _is_condition(value, shape):
            return _faults_in_condition(value, shape, where)
        return _faults_in_group(given, value, shape, where, conditions)
    if isinstance(value, tuple):
        if shape.item is None:
            return [] if shape is ANYTHING else [(given.line, f"{where} is no list")]
        return [
            fault
            for each in value
            for fault in faults_in(each, shape.item, where, conditions=conditions)
        ]
    if shape.fields is not None:
        return [(given.line, f"{where} is a group: {_listed(shape.fields)}")]
    if shape.item is not None:
        return [(given.line, f"{where} is a list: write [{value}]")]
    return [(given.line, fault) for fault in _scalar_fault(value, shape, where)]


def _faults_in_group(
    given: Given, value: Mapping[Key, Given], shape: Shape, where: str, conditions: bool
) -> list[Fault]:
    if shape.fields is None:
        return [] if shape is ANYTHING else [(given.line, f"{where} is {_kind(shape)}, no group")]
    found: list[Fault] = []
    for key, inner in value.items():
        below = shape.fields.get(str(key))
        if below is None:
            found.append((inner.line, unknown_key(str(key), where, shape.fields)))
        else:
            found += faults_in(inner, below, f"{where}.{key}", conditions=conditions)
    return found


def _is_condition(value: Mapping[Key, Given], shape: Shape) -> bool:
    return shape.fields is None and bool(value) and all(str(key) in CONDITIONS for key in value)


def _faults_in_condition(value: Mapping[Key, Given], shape: Shape, where: str) -> list[Fault]:
    found: list[Fault] = []
    for key, inner in value.items():
        match key:
            case "length":
                found += faults_in(inner, Shape(kind=int), f"{where}.length")
            case "any_of" if not isinstance(inner.value, tuple):
                found.append((inner.line, f"{where}.any_of is a list of values"))
            case "any_of":
                found += faults_in(inner, Shape(item=shape), where)
            case "contains":
                part = shape.item or (shape if shape.kind is dt.datetime else Shape(kind=str))
                found += faults_in(inner, part, where)
            case _:
                found += faults_in(inner, shape, where)
    return found


def _scalar_fault(value: object, shape: Shape, where: str) -> Iterable[str]:
    if shape.words and str(value) not in shape.words:
        yield f"{where} can't be {str(value)!r}{closest(str(value), shape.words)}"
    elif shape.kind is not None and not _fits(value, shape.kind):
        quoted = f": write '{value}' in quotes" if shape.kind is str else ""
        yield f"{where} is {_kind(shape)}, not {_shown(value)}{quoted}"


def _fits(value: object, kind: type) -> bool:
    if kind is float:
        return isinstance(value, int | float) and not isinstance(value, bool)
    if kind is int:
        return isinstance(value, int) and not isinstance(value, bool)
    if kind is dt.datetime:
        return isinstance(value, str | dt.date)  # judged as text, which begins with its day
    return isinstance(value, kind)


def _kind(shape: Shape) -> str:
    names = {
        bool: "true or false",
        int: "a whole number",
        float: "a number",
        dt.date: "a date",
        dt.datetime: "a time",
    }
    return "a list" if shape.item is not None else names.get(shape.kind or str, "a text")


def _shown(value: object) -> str:
    match value:
        case bool():
            return str(value).lower()
        case dt.date():
            return f"the date {value}"
        case str():
            return repr(value)
        case _:
            return f"the number {value}"


def unknown_key(key: str, where: str, known: Iterable[str]) -> str:
    """Return that there is no such key, with the one that may be meant."""
    return f"{where} has no key {key!r}{closest(key, known)}"


def closest(word: str, known: Iterable[str]) -> str:
    """Return a suggestion to follow a refused word: the one meant, or all that there are."""
    known = list(known)
    near = difflib.get_close_matches(word.lower(), known, n=1, cutoff=0.6)
    if near:
        return f"; did you mean {near[0]!r}?"
    return f"; there are {_listed(known)}" if known else ""


def _listed(known: Iterable[str]) -> str:
    return ", ".join(known)
