"""Judges many comments in order, on as many processes as asked, in the memory of one batch.

`run` reads and writes JSON lines; `score` is the same for Python.
"""

import json
import sys
from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sized
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass
from functools import cache
from itertools import islice
from multiprocessing import get_context
from typing import Any, BinaryIO, TextIO

import msgspec
from rich.console import Console
from rich.progress import (
    Progress,
    SpinnerColumn,
    TaskProgressColumn,
    TextColumn,
    TimeElapsedColumn,
)

from comity.case import Answer, Question, answer
from comity.detectors import Engine
from comity.errors import BadInput
from comity.guidelines import Guidelines

# Lines a process is given at once: enough to make the giving cheap, few enough to start answering.
BATCH = 64

Line = tuple[int, bytes]


@dataclass(frozen=True, slots=True)
class Complaint:
    """A line that could not be judged: its number, the id if that could be read, and why."""

    line: int
    id: Any
    message: str


@dataclass(slots=True)
class Tally:
    """How many lines were judged, and how many could not be."""

    judged: int = 0
    bad: int = 0


def run(
    source: Iterable[bytes],
    out: BinaryIO,
    complaints: TextIO,
    *,
    guidelines: Guidelines | None = None,
    jobs: int = 1,
    progress: bool = False,
    encoder: bool = True,
    adapter: bytes | None = None,
) -> Tally:
    """Judge every line of `source`, write the answers to `out` in order, and count.

    A bad line is told with its number to `complaints`, answered with `{"id": …, "error": …}`, and
    the rest is judged; the caller makes an exit status of `Tally.bad`. `adapter` is one that was
    learnt, as JSON.
    """
    guidelines = guidelines or Guidelines.default()
    numbered = ((n, line) for n, line in enumerate(source, start=1) if line.strip())
    tally = Tally()
    json_of = msgspec.json.Encoder().encode
    with meter(complaints, shown=progress) as bar:
        task = bar.add_task("judged", total=None)
        for result in answers(numbered, guidelines, jobs, encoder=encoder, adapter=adapter):
            if isinstance(result, Complaint):
                tally.bad += 1
                bar.console.print(f"line {result.line}: {result.message}", markup=False)
                said = {"id": result.id, "error": f"line {result.line}: {result.message}"}
                out.write(json_of(said) + b"\n")
            else:
                tally.judged += 1
                out.write(json_of(result) + b"\n")
            out.flush()
            bar.advance(task)
    return tally


Item = str | Mapping[str, Any] | Question


def score(
    items: Iterable[Item],
    *,
    story: Mapping[str, Any] | None = None,
    guidelines: Guidelines | None = None,
    jobs: int = 1,
    encoder: bool = True,
    progress: bool = False,
) -> Iterator[Answer]:
    """Judge comments and give the answers in their order, each as soon as it is there.

    An item is a text; or what a line of `comity judge` holds (`id`, `text`, `parent`, `story`, …),
    as a mapping or a Question. A text has its place, from 0, as its id, and stands under `story`.
    Items may be endless: only a batch is held at a time. `jobs` are processes; with more than one,
    a script needs its `if __name__ == "__main__":`. `encoder` lets the language model look too.

        >>> answer = next(score(["You are an idiot."]))
        >>> answer.outcome, answer.breaches[0].rule
        ('hold', 'personal_attack')

    Raises:
        BadInput: an item is none of these; those before it have been answered.
    """
    lines = ((place, line_of(place, item, story)) for place, item in enumerate(items))
    found = answers(lines, guidelines or Guidelines.default(), jobs, encoder=encoder)
    with meter(sys.stderr, shown=progress) as bar:
        task = bar.add_task("judged", total=len(items) if isinstance(items, Sized) else None)
        for result in found:
            if isinstance(result, Complaint):
                raise bad_item(result.line, result.message)
            bar.advance(task)
            yield result


def line_of(place: int, item: Item, story: Mapping[str, Any] | None) -> bytes:
    """Return an item as a line of `comity judge`.

    Raises:
        BadInput: it cannot be one.
    """
    given: Any = item
    if isinstance(item, str):
        given = {"id": place, "text": item, "story": story}
    elif isinstance(item, Mapping):
        given = {"id": place, "story": story, **item}
    try:
        return msgspec.json.encode(given)
    except (TypeError, ValueError) as error:
        raise bad_item(place, str(error)) from error


def bad_item(place: int, why: str) -> BadInput:
    """Return the error for an item that cannot be judged."""
    return BadInput(
        f"Item {place}: {why}", remedy="Give a text, or a mapping with `text` and what it needs."
    )


def meter(complaints: TextIO, *, shown: bool) -> Progress:
    """Return a progress display that also prints complaints, so that neither spoils the other."""
    return Progress(
        SpinnerColumn(),
        TextColumn("{task.completed:,.0f} comments"),
        TaskProgressColumn(show_speed=True),
        TimeElapsedColumn(),
        console=Console(file=complaints, soft_wrap=True, highlight=False),
        disable=not shown,
        redirect_stdout=False,
    )


def answers(
    lines: Iterable[Line],
    guidelines: Guidelines,
    jobs: int,
    *,
    encoder: bool = True,
    adapter: bytes | None = None,
) -> Iterator[Answer | Complaint]:
    """Give the answers in the order of the lines."""
    if jobs <= 1:
        engine = engine_with(adapter, encoder=encoder)
        for number, line in lines:
            yield judged(number, line, guidelines, engine)
        return
    source = iter(lines)
    waiting: deque[Future[list[Answer | Complaint]]] = deque()
    # Processes are spawned, not forked: a fork would copy whatever threads are doing just then.
    with ProcessPoolExecutor(jobs, mp_context=get_context("spawn")) as pool:
        while batch := list(islice(source, BATCH)):
            waiting.append(pool.submit(judged_batch, batch, guidelines, encoder, adapter))
            if len(waiting) >= 2 * jobs:
                yield from waiting.popleft().result()
        while waiting:
            yield from waiting.popleft().result()


@cache  # Each process puts it together once.
def engine_with(adapter: bytes | None, *, encoder: bool) -> Engine:
    """Return the packaged engine, with an adapter where there is one.

    Raises:
        BadInput, Conflict: it is no adapter, or not for this engine.
    """
    if adapter is None:
        return Engine.default(encoder=encoder)
    from comity.detectors.adapter import adapted, decoded  # noqa: PLC0415  Slow to import.

    return adapted(Engine.default(encoder=True), decoded(adapter, "The adapter"))


def judged_batch(
    lines: list[Line], guidelines: Guidelines, encoder: bool, adapter: bytes | None
) -> list[Answer | Complaint]:
    """Judge some lines in a process of their own."""
    engine = engine_with(adapter, encoder=encoder)
    return [judged(number, line, guidelines, engine) for number, line in lines]


def judged(number: int, line: bytes, guidelines: Guidelines, engine: Engine) -> Answer | Complaint:
    """Judge one line, or say what is wrong with it, never quoting it."""
    try:
        question = msgspec.json.decode(line.removeprefix(b"\xef\xbb\xbf"), type=Question)
    except msgspec.DecodeError as error:
        return Complaint(number, id_of(line), reason(error, line))
    except UnicodeDecodeError:
        return Complaint(number, None, "This is not UTF-8.")
    except RecursionError:
        return Complaint(number, None, "This is nested too deeply to be a comment.")
    return answer(question, guidelines, engine)


def id_of(line: bytes) -> str | int | None:
    """Return the id on a bad line, or None if not even that can be read."""
    try:
        value = json.loads(line)  # It forgives more than msgspec does.
        id = value.get("id") if isinstance(value, dict) else None
        msgspec.json.encode(id)
    except (ValueError, RecursionError):
        return None
    return id if isinstance(id, str | int) else None


def reason(error: msgspec.DecodeError, line: bytes) -> str:
    """Say in words what a line needs."""
    said = str(error).rstrip(".")
    if isinstance(error, msgspec.ValidationError):
        return f'{said}. A line is {{"id": …, "text": "…"}} and may have more.'
    if b"\\ud" in line.lower():
        return "This may hold half of a character (a lone surrogate), or it is not JSON."
    return f"This is not JSON: {said}."
