"""What stands between two slashes of an address: a story's key may hold slashes itself, as `%2F`.

The server hands on the address with `%2F` decoded, so that nobody could tell a slash within a key
from one that parts. Between the door and the handlers a character stands in for those within.
"""

import re
from typing import Any
from urllib.parse import quote, unquote

from litestar import Request
from litestar.types import HTTPScope

WITHIN = "\ufdd0"  # A noncharacter, which Unicode leaves to programs: no key and no text holds it.
SENT = quote(WITHIN)
ENCODED_SLASH = re.compile("%2F", re.IGNORECASE)


def parted(scope: HTTPScope) -> str:
    """Return the path, decoded, with every slash that parts nothing set aside."""
    raw = scope["raw_path"]
    if b"%" not in raw:
        return scope["path"]
    asked = raw.partition(b"?")[0].decode("latin-1")
    return unquote(ENCODED_SLASH.sub(SENT, asked))


def whole(segment: str) -> str:
    """Return what a caller wrote between two slashes."""
    return segment.replace(WITHIN, "/")


async def make_whole(request: Request[Any, Any, Any]) -> None:
    """Give a key its slashes back before the handler sees it."""
    params = request.scope["path_params"]
    if WITHIN in params.get("key", ""):
        # The router keeps its own for the next who asks, so they are not changed in place.
        request.scope["path_params"] = {**params, "key": whole(params["key"])}
