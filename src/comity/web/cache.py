"""Public threads as ready-made bytes: built once for each version of a story.

A document is served only while the story's version, read again at each request, is the one that it
was built from; so a reader who has just written sees it, whichever process answers.
"""

import asyncio
import hashlib
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import NamedTuple

from comity.errors import NotFound
from comity.web.glance import Glance

# About 1,500 first pages of 50 comments: what a busy front page and yesterday's need.
BYTES_KEPT = 32 * 1024 * 1024
# A shared cache may keep a page for seconds and show it while it asks again; a browser asks each
# time, by ETag. What is the reader's own comes by another request, so nobody misses a comment.
CACHE_CONTROL = "public, max-age=0, s-maxage=5, stale-while-revalidate=30"


class Key(NamedTuple):
    """Which page of which thread."""

    site: str
    story: str
    sort: str = "newest"
    after: str | None = None


class Document(NamedTuple):
    """A page's bytes, made from one version of the story."""

    version: int
    body: bytes
    etag: str

    @classmethod
    def of(cls, version: int, body: bytes) -> "Document":
        """Tag the bytes by their content, so that a restart does not change the tag."""
        return cls(version, body, f'"{hashlib.blake2b(body, digest_size=12).hexdigest()}"')


@dataclass
class Threads:
    """The documents that this process keeps; `build` reads the database, in a thread."""

    glance: Glance
    build: Callable[[Key], Document]
    kept: OrderedDict[Key, Document] = field(default_factory=OrderedDict)
    size: int = 0
    building: dict[tuple[Key, int], asyncio.Task[Document]] = field(default_factory=dict)

    def at_hand(self, key: Key) -> Document | None:
        """Return a document that is still true, if that can be told without waiting."""
        document = self.kept.get(key)
        if document is None or document.version != self.glance.version_now(key.site, key.story):
            return None
        self.kept.move_to_end(key)
        return document

    async def get(self, key: Key) -> Document:
        """Return the document as it stands now.

        Raises:
            NotFound: there is no such story.
        """
        version = await self.glance.version(key.site, key.story)
        if version is None:
            raise NotFound(
                "There is no such story.", field="key", remedy="Check the site and the story's key."
            )
        document = self.kept.get(key)
        if document is not None and document.version == version:
            self.kept.move_to_end(key)
            return document
        # A build that began for an older version may miss what this reader has just written.
        task = self.building.get((key, version))
        if task is None:
            task = self.building[key, version] = asyncio.create_task(self.make(key, version))
        return await asyncio.shield(task)

    async def make(self, key: Key, version: int) -> Document:
        """Build a document and keep it."""
        try:
            document = await asyncio.to_thread(self.build, key)
            self.keep(key, document)
            return document
        finally:
            del self.building[key, version]

    def keep(self, key: Key, document: Document) -> None:
        """Keep a first page unless a newer one is kept; the least recently used make room.

        Later pages are not kept: few read them, and whoever made up places to go on from could
        push out what the front page needs.
        """
        if key.after is not None:
            return
        old = self.kept.get(key)
        if old is not None and old.version > document.version:
            return
        self.size += len(document.body) - (len(old.body) if old else 0)
        self.kept[key] = document
        self.kept.move_to_end(key)
        while self.size > BYTES_KEPT:
            _, oldest = self.kept.popitem(last=False)
            self.size -= len(oldest.body)
