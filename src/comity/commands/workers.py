"""Who answers: one process, or several at one address and one that starts, watches, ends them."""

import gc
import os
import signal
import sys
import tempfile
from collections.abc import Callable
from functools import partial
from multiprocessing import parent_process
from threading import Thread
from typing import Any

from comity import db
from comity.commands import uncollected
from comity.errors import SettingsError
from comity.settings import Settings
from comity.web.shared import FOLDER

START_SECONDS = 30  # A worker that has not answered for so long is taken for dead.


def cores() -> int:
    """Return how many cores this process may use."""
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:  # Not on this system.
        return os.cpu_count() or 1


def how_many(settings: Settings, given: int | None) -> int:
    """Return how many processes are to answer.

    Raises:
        SettingsError: several, over a database in memory, which each would have for itself.
    """
    workers = (settings.workers if given is None else given) or cores()
    if workers > 1 and settings.database_url in db.MEMORY:
        raise SettingsError(
            "A database in memory is one process's own.",
            field="COMITY_WORKERS",
            remedy="Give 1, or name a file in COMITY_DATABASE_URL.",
        )
    return workers


def alone(make: Callable[[], Any], settings: Settings, options: dict[str, Any]) -> None:
    """Answer until told to stop. `make` puts the application together; `options` are uvicorn's."""
    app = ready(make, settings)
    with uncollected():
        import uvicorn
    uvicorn.run(app, **options)


def together(make: Callable[[], Any], settings: Settings, options: dict[str, Any]) -> None:
    """Let workers answer until told to stop; one that dies is replaced, a signal reaches all.

    Arguments as of `alone`; each worker calls `make` for itself. Exits if one cannot start at all.
    """
    with uncollected():
        from uvicorn import Config
        from uvicorn.config import STARTUP_FAILURE
        from uvicorn.supervisors import Multiprocess

        from comity.logs import configure

    configure(settings)
    with tempfile.TemporaryDirectory(prefix="comity-") as folder:
        os.environ[FOLDER] = folder
        config = Config(
            partial(begin, make, settings),
            factory=True,
            workers=settings.workers,
            timeout_worker_healthcheck=START_SECONDS,
            **options,
        )
        with config.bind_socket() as door:
            door.listen(config.backlog)  # Who comes before the first worker is ready waits.
            watching = Multiprocess(config, [door])
            watching.run()
    if any(process.exitcode == STARTUP_FAILURE for process in watching.processes):
        sys.exit(STARTUP_FAILURE)


def begin(make: Callable[[], Any], settings: Settings) -> Any:
    """Become a worker: return its application."""
    Thread(target=end_with_parent, daemon=True).start()
    return ready(make, settings)


def ready(make: Callable[[], Any], settings: Settings) -> Any:
    """Put an application together in this process, with its logs."""
    with uncollected():
        from comity.logs import configure

        configure(settings)
        app = make()
    # Requests make many short-lived objects and the word lists live long, so that looking through
    # them after every few hundred new ones would cost each request time for nothing.
    gc.set_threshold(20_000, 20, 20)
    return app


def end_with_parent() -> None:
    """Stop, as if told to, when the process that watches is no more: nobody else would."""
    if parent := parent_process():
        parent.join()
        os.kill(os.getpid(), signal.SIGTERM)
