"""How fast `comity judge` reads a long stream, and whether its memory stays the same.

    python -m benchmarks.stream [LINES]

Memory is the sum of the peaks of all its processes, so what they share is counted in each.
"""

import json
import random
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from threading import Thread
from typing import BinaryIO

from rich.progress import Progress

from benchmarks.discussion import WORDS

COMMAND = ["judge", "-", "--no-encoder", "--jobs", "2"]
STEPS = 200  # Memory is looked at so many times, since the last processes end with the last line.
PEAK = re.compile(r"^VmHWM:\s+(\d+) kB", re.MULTILINE)


def lines(count: int) -> Iterator[bytes]:
    """Make up comments, none kept; one in seven says what a list knows."""
    draw = random.Random(7)
    for number in range(count):
        said = draw.choices(WORDS, k=draw.randint(5, 60)) + ["idiot"] * (number % 7 == 0)
        yield json.dumps({"id": number, "text": " ".join(said)}).encode() + b"\n"


def feed(pipe: BinaryIO, count: int) -> None:
    """Write all lines; the pipe holds us up where they are judged more slowly."""
    with pipe:
        pipe.writelines(lines(count))


def peak(pid: int) -> float:
    """Return the most memory in MB that a process and those below it have held so far, summed."""
    try:
        own = PEAK.search(Path(f"/proc/{pid}/status").read_text())
        below = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    except OSError:  # It has ended.
        return 0.0
    return (int(own.group(1)) / 1024 if own else 0.0) + sum(peak(int(child)) for child in below)


def main(count: int) -> None:
    """Judge the stream and print what it took after 1 %, 10 % and all of it."""
    command = [str(Path(sys.executable).with_name("comity")), *COMMAND]
    judge = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert judge.stdin
    assert judge.stdout
    Thread(target=feed, args=(judge.stdin, count), daemon=True).start()
    most, done, begun = 0.0, 0, time.monotonic()
    told = {count // 100, count // 10, count}
    with Progress() as bar:
        for done, _ in enumerate(bar.track(judge.stdout, total=count), start=1):
            if done in told or done % max(count // STEPS, 1) == 0:
                most = max(most, peak(judge.pid))
            if done in told:
                speed = done / (time.monotonic() - begun)
                bar.print(f"{done:>11,} lines: {speed:,.0f} a second, {most:,.0f} MB at most")
    raise SystemExit(judge.wait() or done != count)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000)
