"""How long a comment takes to be judged: microseconds, by detector.

make bench        (or python -m benchmarks.detectors)
"""

import random
import re
import sys
from collections.abc import Callable, Iterator, Sequence
from importlib import import_module
from pkgutil import walk_packages
from time import process_time
from typing import TypeVar

from rich.console import Console
from rich.table import Table

from benchmarks.discussion import articles, prose
from comity import detectors
from comity.detectors import Engine
from comity.findings import StoryExcerpt, Submission
from comity.guidelines import Guidelines
from comity.judge import judge
from comity.text import fold

Thing = TypeVar("Thing")
COMMENTS = 300
LONG = 100_000  # Letters that no pattern finds anything in.
ARTICLE = articles()[0][0]
STORY = StoryExcerpt(headline=ARTICLE["headline"], body=(ARTICLE["body"],) * 5)


def main() -> None:
    """Measure folding, each detector, and the whole, on seeded comments of some 60 words."""
    rng = random.Random(7)
    texts = [prose(rng, rng.randint(30, 90)) for _ in range(COMMENTS + 1)]
    engine, guidelines = Engine.default(), Guidelines.default()

    def submissions() -> list[Submission]:
        return [Submission.of(text, parent=texts[-1], story=STORY) for text in texts[:-1]]

    for submission in submissions():
        judge(submission, guidelines, engine)  # Reads the word lists.
    rows = [("folding", each(texts[:-1], fold))]
    looked_at = submissions()
    rows += [(name, each(looked_at, detector)) for name, detector in engine.detectors.items()]
    rows.append(("judge", each(submissions(), lambda one: judge(one, guidelines, engine))))
    slowest = max((each(["a" * LONG], pattern.search), name) for name, pattern in patterns())
    rows.append((f"slowest pattern on {LONG:,} letters: {slowest[1]}", slowest[0]))
    table = Table("what", "µs a comment", title=f"{COMMENTS} comments, Python {sys.version[:6]}")
    for name, microseconds in rows:
        table.add_row(name, f"{microseconds:,.0f}")
    Console().print(table)


def patterns() -> Iterator[tuple[str, re.Pattern[str]]]:
    """Give the patterns of all detectors, to see that none takes longer than a text is long."""
    for module in walk_packages(detectors.__path__, "comity.detectors."):
        for name, value in vars(import_module(module.name)).items():
            if isinstance(value, re.Pattern):
                yield f"{module.name.split('.')[-1]}.{name}", value


def each(things: Sequence[Thing], work: Callable[[Thing], object]) -> float:
    """Return the microseconds of processor time that the work takes for each thing."""
    begun = process_time()
    for thing in things:
        work(thing)
    return (process_time() - begun) / len(things) * 1e6


if __name__ == "__main__":
    main()
