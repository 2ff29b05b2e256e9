"""The file of suggested scores: appended to by `comments:suggestscore`, read to learn from.

Each line is personal data. It goes when its time is up, or when whoever it is about asks.
"""

import os
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from hashlib import sha256
from hmac import digest
from pathlib import Path

import msgspec

from comity.errors import BadInput


class Suggestion(msgspec.Struct):
    """A line: what was suggested when; `of` holds keyed hashes of whom and where it is from."""

    at: datetime
    text: str
    scores: dict[str, float] = {}
    of: dict[str, str] = {}


def hashed(key: bytes, name: str) -> str:
    """Return what stands for a name that is not kept."""
    return digest(key, name.encode("utf-8", "replace"), sha256).hex()[:32]


def append(path: Path, line: bytes) -> None:
    """Append a line; the file is its owner's alone.

    Raises:
        OSError: it cannot be written.
    """
    with held(path) as file:
        os.write(file, line)


@contextmanager
def held(path: Path) -> Iterator[int]:
    """Yield the file, which no other process writes or replaces meanwhile."""
    while True:
        file = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        try:
            with suppress(ImportError):  # Not on Windows, where one process is all there is.
                import fcntl  # noqa: PLC0415

                fcntl.flock(file, fcntl.LOCK_EX)
            if os.path.samestat(os.fstat(file), path.stat()):
                yield file
                return
        finally:
            os.close(file)


def lines(path: Path) -> Iterator[tuple[int, bytes]]:
    """Give the lines with their numbers; nothing where there is no file yet.

    Raises:
        BadInput: the file is there and cannot be read.
    """
    try:
        with path.open("rb") as file:
            yield from enumerate(file, start=1)
    except FileNotFoundError:
        return
    except OSError as error:
        raise BadInput(f"{path} cannot be read: {error.strerror}.", remedy="Correct it.") from error


def suggestions(path: Path, communities: Collection[str] | None) -> list[Suggestion]:
    """Return the latest suggestion about each comment, latest first.

    `communities` are hashes; None takes all.

    Raises:
        BadInput: a line is no suggestion.
    """
    latest: dict[str, Suggestion] = {}
    for number, line in lines(path):
        try:
            one = msgspec.json.decode(line, type=Suggestion)
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            raise BadInput(
                f"{path.name}, line {number}, is no suggestion: {str(error).rstrip('.')}.",
                remedy="docs/perspective.md describes the file; remove the line.",
            ) from error
        if communities is None or one.of.get("community", "") in communities:
            about = one.of.get("token") or one.text
            latest.pop(about, None)
            latest[about] = one
    return list(reversed(latest.values()))


def remove(path: Path, is_gone: Callable[[Suggestion], bool]) -> int:
    """Take lines out, and with them what cannot be read; return how many.

    Raises:
        OSError: the file cannot be written.
    """
    if not path.exists():
        return 0
    removed = 0
    draft = path.with_name(f"{path.name}.new")
    with held(path):
        new = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(new, "wb") as file:
            for _, line in lines(path):
                if is_kept(line, is_gone):
                    file.write(line)
                else:
                    removed += 1
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path) if removed else draft.unlink()
    return removed


def is_kept(line: bytes, is_gone: Callable[[Suggestion], bool]) -> bool:
    """Say whether a line can be read and is not gone."""
    try:
        return not is_gone(msgspec.json.decode(line, type=Suggestion))
    except (msgspec.DecodeError, UnicodeDecodeError):
        return False


def sweep(path: Path, before: datetime) -> int:
    """Remove what was suggested before a time; return how many lines."""
    return remove(path, lambda one: one.at < before)


def forget(path: Path, names: Collection[str]) -> int:
    """Remove what has one of these hashes as its token or session; return how many lines."""
    return remove(
        path, lambda one: not {one.of.get("token"), one.of.get("session")}.isdisjoint(names)
    )
