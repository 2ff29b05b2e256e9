"""A request's body, read as kindly as the real service did, and never further than it must be.

Strict JSON first. What is not strict is read as JSON5: the protocol's own example has keys without
quotes, and clients send single quotes, comments and trailing commas. Names may be camelCase or
snake_case, a list of one may be given as the one, and a field that the protocol does not have is
left out and named to the caller.
"""

import json
import re
from functools import cache
from typing import Annotated, Any, TypeVar, get_args, get_origin

import msgspec
import pyjson5
from msgspec.structs import FieldInfo, fields

from comity.perspective import refusals
from comity.perspective.messages import Message

M = TypeVar("M", bound=Message)
DEPTH = 64
PLACE = re.compile(r"at `\$\.?([^`]*)`")


def read(body: bytes, kind: type[M]) -> tuple[M, tuple[str, ...]]:
    """Read a message; return it and the names of fields that the protocol does not have.

    Raises:
        Refused: it is not JSON, or a field holds a value of the wrong kind.
    """
    unknown: list[str] = []
    value = tidied(parsed(body), kind, "", unknown)
    try:
        return msgspec.convert(value, kind, strict=False), tuple(unknown)
    except (msgspec.ValidationError, OverflowError) as error:
        place = PLACE.search(str(error))
        raise refusals.invalid(place[1] if place else "") from None


def parsed(body: bytes) -> Any:
    """Parse a body; an empty one is an empty message.

    Raises:
        Refused: not even JSON5, or nested deeper than any message is.
    """
    text = body.decode("utf-8-sig", "replace")
    if not text.strip():
        return {}
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        pass
    try:
        return pyjson5.decode(text, maxdepth=DEPTH)
    except (pyjson5.Json5Exception, ValueError):
        raise refusals.unreadable() from None


def tidied(value: Any, kind: Any, path: str, unknown: list[str]) -> Any:
    """Return a value in the one form that messages are decoded from."""
    kind = bare(kind)
    if get_origin(kind) is list:
        (inner,) = get_args(kind)
        items = value if isinstance(value, list) else [value]
        return [tidied(item, inner, path, unknown) for item in items]
    if isinstance(value, str):
        return whole(value)
    if isinstance(kind, type) and issubclass(kind, Message):
        if value == []:  # What R makes of an empty object.
            return {}
        return message(value, kind, path, unknown) if isinstance(value, dict) else value
    if get_origin(kind) is dict and isinstance(value, dict):
        inner = get_args(kind)[1]
        return {
            whole(str(name)): tidied({} if item is None else item, inner, path, unknown)
            for name, item in value.items()
        }
    return value


def message(
    value: dict[Any, Any], kind: type[Message], path: str, unknown: list[str]
) -> dict[str, Any]:
    """Return a message's fields under the names of the protocol, without those it does not have."""
    known = names(kind)
    found: dict[str, Any] = {}
    for name, item in value.items():
        field = known.get(str(name))
        if field is None:
            unknown.append(f"{path}{name}")
        elif item is not None:
            place = f"{path}{field.encode_name}."
            found[field.encode_name] = tidied(item, field.type, place, unknown)
    return found


@cache
def names(kind: type[Message]) -> dict[str, FieldInfo]:
    """Return a message's fields by both spellings of their names."""
    return {name: field for field in fields(kind) for name in (field.name, field.encode_name)}


def bare(kind: Any) -> Any:
    """Return a type without what is said of it, and without None."""
    if get_origin(kind) is Annotated:
        return bare(get_args(kind)[0])
    choices = [choice for choice in get_args(kind) if choice is not type(None)]
    return choices[0] if type(None) in get_args(kind) else kind


def whole(text: str) -> str:
    """Put half characters together, and a replacement for those whose other half is missing.

    Clients that cut a text by UTF-16 code units send them; each stays one unit long.
    """
    if text.isascii():
        return text
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
