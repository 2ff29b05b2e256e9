"""What the pages with forms share: how a form is read, and where one goes on."""

from enum import StrEnum
from typing import Annotated, Any, TypedDict, TypeVar
from uuid import UUID

from litestar.enums import RequestEncodingType
from litestar.params import Body
from litestar.response import Redirect

from comity.errors import BadInput

Kind = TypeVar("Kind", bound=StrEnum)


class PageOptions(TypedDict):
    """What all routes of pages declare alike."""

    include_in_schema: bool
    sync_to_thread: bool


# A field that was sent several times, as tick boxes are, comes as a list.
Form = Annotated[dict[str, str | list[str]], Body(media_type=RequestEncodingType.URL_ENCODED)]
HTML: PageOptions = {"include_in_schema": False, "sync_to_thread": True}


def one(data: dict[str, Any], name: str) -> str:
    """Return a field's value, the last if it came several times; empty if it did not come."""
    value = data.get(name, "")
    return str(value[-1]) if isinstance(value, list) else str(value)


def many(data: dict[str, Any], name: str) -> list[str]:
    """Return all values of a field."""
    value = data.get(name, [])
    return [str(item) for item in value] if isinstance(value, list) else [str(value)]


def words(data: dict[str, Any], name: str) -> str:
    """Return what was typed into a field, with line ends as we keep them."""
    return one(data, name).replace("\r\n", "\n").strip()


def key(data: dict[str, Any], name: str) -> UUID:
    """Return a field that the page itself filled with a key.

    Raises:
        BadInput: it is none.
    """
    try:
        return UUID(one(data, name))
    except ValueError as error:
        raise BadInput(
            "The form came back changed.", field=name, remedy="Load the page again."
        ) from error


def chosen(data: dict[str, Any], name: str, kind: type[Kind], *, remedy: str) -> Kind:
    """Return what was chosen of a kind.

    Raises:
        BadInput: nothing, or nothing of that kind.
    """
    try:
        return kind(one(data, name))
    except ValueError as error:
        raise BadInput(f"No {name} was chosen.", field=name, remedy=remedy) from error


def onward(address: str) -> Redirect:
    """Lead on after a form was taken, so that loading the next page again repeats nothing."""
    return Redirect(address, status_code=303)
