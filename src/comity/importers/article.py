"""Any page the user has, as a file or an address, becomes one Article."""

import re
import sys
from datetime import datetime, timedelta
from os import PathLike
from pathlib import Path

import msgspec

from comity.errors import BadInput
from comity.importers.fetch import LIMIT, Permit, Resolve, decode, fetch, is_public, resolve
from comity.importers.parts import Article, Photograph
from comity.importers.plain_text import from_text

__all__ = ["Article", "Photograph", "read_article"]

SCHEME = re.compile(r"(?P<scheme>[a-z][a-z0-9+.-]+)://", re.IGNORECASE)
HTML = re.compile(r"<(?:!doctype html|html|head|body|article|main|meta|h1|p|div)\b", re.IGNORECASE)
# What editors try first; each begins so, and none can be read as text.
OTHERS = {
    b"%PDF": "a PDF file",
    b"PK\x03\x04": "a word processor's file or an archive",
    b"\xd0\xcf\x11\xe0": "a word processor's file",
    b"{\\rtf": "an RTF file",
    b"\x89PNG": "a picture",
    b"\xff\xd8\xff": "a picture",
    b"GIF8": "a picture",
    b"\x1f\x8b": "a packed file",
    b"bplist00": "a web archive",
    b"From: <Saved by": "a web archive",
    b"MIME-Version:": "a web archive",
}


def read_article(
    source: str | PathLike[str],
    *,
    headline: str | None = None,
    now: datetime | None = None,
    resolve: Resolve = resolve,
    permit: Permit = is_public,
) -> Article:
    """Read a page from an address, a file or, as "-", standard input: plain text or HTML.

    `headline` overrides the page's own. A date after `now` is announced, not published, and is
    left out. `resolve` and `permit` say which hosts may be fetched.

    Raises:
        BadInput: no such file, not text, too big, a refused address, no article in it.
    """
    url = None
    if SCHEME.match(str(source)):
        text, url = fetch(str(source), resolve=resolve, permit=permit)
    else:
        text = read_file(Path(source))
    article = from_page(text, url, headline)
    if now and article.published_at and article.published_at[:10] > tomorrow(now):
        return msgspec.structs.replace(article, published_at=None)
    return article


def tomorrow(now: datetime) -> str:
    """Return the date a day after: somewhere on earth it is that day already."""
    return (now + timedelta(days=1)).date().isoformat()


def from_page(text: str, url: str | None, headline: str | None) -> Article:
    """Read a page's text as HTML if it looks like that, as plain text if not."""
    if not text.strip():
        raise BadInput(
            "The page is empty.", field="source", remedy="Save it again and check that it has text."
        )
    if text.lstrip().startswith("<") and HTML.search(text, 0, 20_000):
        from comity.importers.markup import from_html  # noqa: PLC0415  It takes a third of a second.

        return from_html(text, url, headline)
    article = from_text(text, headline)
    return msgspec.structs.replace(article, url=url)


def read_file(path: Path) -> str:
    """Read a file, or standard input, as text."""
    try:
        if str(path) == "-":
            data = sys.stdin.buffer.read(LIMIT + 1)
        else:
            with path.open("rb") as file:
                data = file.read(LIMIT + 1)
    except (OSError, ValueError) as error:
        raise BadInput(
            f"{path} cannot be read: {getattr(error, 'strerror', None) or error}.",
            field="source",
            remedy="Give the path of a text or HTML file, or an http address.",
        ) from error
    if len(data) > LIMIT:
        raise BadInput(
            f"{path} is larger than {LIMIT // 1024 // 1024} MB.",
            field="source",
            remedy="Import one article at a time.",
        )
    kind = kind_of(data)
    if kind:
        raise BadInput(
            f"{path} is {kind}, which cannot be read.",
            field="source",
            remedy="Save the article as plain text or HTML.",
        )
    return decode(data)


def kind_of(data: bytes) -> str:
    """Say what a file is, if it is not text; an empty answer is text."""
    for start, kind in OTHERS.items():
        if data.startswith(start):
            return kind
    is_utf16 = data.startswith((b"\xff\xfe", b"\xfe\xff"))
    return "not text" if b"\x00" in data[:8192] and not is_utf16 else ""
