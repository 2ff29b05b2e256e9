"""Whose turn it is to write to a SQLite file: a queue in this process, a lock among processes.

Left to itself, SQLite lets writers ask ever more seldom: most wait for nothing, a few for a second.
"""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock
from time import monotonic, sleep

PAUSE = 0.0005  # Seconds between two looks at another process's lock: a write takes some two.
QUEUES: dict[str, Lock] = {}  # One for each file that this process writes to.
QUEUES_LOCK = Lock()


@contextmanager
def turn(path: str, seconds: float) -> Iterator[None]:
    """Write to a file while nobody else does; an empty path is a database in memory.

    Raises:
        TimeoutError: the turn did not come within these seconds.
    """
    until = monotonic() + seconds
    with QUEUES_LOCK:
        queue = QUEUES.setdefault(path, Lock())
    if not queue.acquire(timeout=seconds):
        raise TimeoutError
    try:
        file = locked(f"{path}.lock", until) if path else None
        try:
            yield
        finally:
            if file is not None:
                os.close(file)  # Which gives the lock back, as the death of a process does.
    finally:
        queue.release()


if sys.platform == "win32":

    def locked(path: str, until: float) -> int | None:
        """Do without: here processes wait for one another as SQLite does."""

else:
    import fcntl

    def locked(path: str, until: float) -> int | None:
        """Lock a file and return it, open; None where it cannot be made: then SQLite's way it is.

        Raises:
            TimeoutError: another process held it until then.
        """
        try:
            file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError:
            return None
        while True:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                if monotonic() > until:
                    os.close(file)
                    raise TimeoutError from None
                sleep(PAUSE)
            except OSError:  # This file system has no locks.
                os.close(file)
                return None
            else:
                return file
