"""Structured logs: events with fields, as text for people or JSON for machines."""

import logging
import os
import re
import sys
import time
from contextlib import suppress
from io import TextIOWrapper
from logging.handlers import TimedRotatingFileHandler
from pathlib import Path

import structlog

from comity.errors import SettingsError
from comity.settings import Settings

LEVELS = {"debug": 10, "info": 20, "warning": 30, "error": 40}
DAY = 24 * 3600


class DailyFile(TimedRotatingFileHandler):
    """A log file for each day, closed to other users; `backupCount` says for how many days.

    A quiet day leaves no file, so the library's way, to count files, would keep some for longer.
    """

    def _open(self) -> TextIOWrapper:
        """Open today's file, readable by its owner only where it is made."""
        return open(self.baseFilename, "a", encoding=self.encoding, opener=private)

    def getFilesToDelete(self) -> list[str]:  # noqa: N802  The library names it so.
        """Return the files of earlier days whose last line is too old."""
        today = Path(self.baseFilename)
        before = time.time() - self.backupCount * DAY
        return [
            str(path)
            for path in today.parent.glob(f"{today.name}.*")
            if re.fullmatch(r"\.\d{4}-\d\d-\d\d", path.suffix) and path.stat().st_mtime < before
        ]

    def doRollover(self) -> None:  # noqa: N802
        """Begin a new day's file. Of several workers, who write to one, the first puts it away."""
        today = Path(self.baseFilename)
        day = time.strftime(self.suffix, time.gmtime(self.rolloverAt - 1))
        with self.stream or self._open() as file, suppress(FileNotFoundError):
            hold(file.fileno())  # Until it is closed.
            if today.stat().st_ino == os.fstat(file.fileno()).st_ino:
                today.replace(f"{today}.{day}")
        self.stream = self._open()
        self.rolloverAt = self.computeRollover(int(time.time()))
        self.sweep()

    def sweep(self) -> None:
        """Remove what has become too old while nothing was written."""
        for path in self.getFilesToDelete():
            Path(path).unlink(missing_ok=True)


def hold(file: int) -> None:
    """Wait until no other process holds an open file, then hold it."""
    if sys.platform != "win32":
        import fcntl  # noqa: PLC0415  There is none elsewhere.

        fcntl.flock(file, fcntl.LOCK_EX)


def private(path: str, flags: int) -> int:
    """Open a file; if it is made by that, nobody but its owner may read it."""
    return os.open(path, flags, 0o600)


def configure(settings: Settings) -> None:
    """Send our events, and the server's own messages, to a file or to standard error in one form.

    Raises:
        SettingsError: there is no such format or level, or the file cannot be written or kept.
    """
    level = LEVELS.get(settings.log_level.lower())
    if level is None:
        raise unknown("COMITY_LOG_LEVEL", LEVELS)
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        *([with_process] if settings.workers > 1 else []),
    ]
    render = form(settings.log_format, colors=not settings.log_file and sys.stderr.isatty())
    handler = daily_file(settings) if settings.log_file else logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                without_details,
                render,
            ],
        )
    )
    logging.basicConfig(handlers=[handler], level=max(level, logging.INFO), force=True)
    ours().setLevel(level)
    structlog.configure(
        processors=[
            *shared,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter if settings.log_file else render,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=ours if settings.log_file else structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )


def ours(*_: object) -> logging.Logger:
    """Return the library's logger for our events: of a file only its handler knows which it is."""
    return logging.getLogger("comity")


def daily_file(settings: Settings) -> DailyFile:
    """Open the log file that the settings name, and remove what was kept long enough."""
    days = settings.retain_log_days
    if days < 1:
        raise SettingsError(
            "COMITY_RETAIN_LOG_DAYS is 0, and there is a COMITY_LOG_FILE.",
            field="COMITY_RETAIN_LOG_DAYS",
            remedy="Give 1 or more, or unset COMITY_LOG_FILE.",
        )
    try:
        handler = DailyFile(
            settings.log_file, when="midnight", backupCount=days, encoding="utf-8", utc=True
        )
        handler.sweep()
    except OSError as error:
        raise SettingsError(
            f"COMITY_LOG_FILE cannot be written: {error.strerror}.",
            field="COMITY_LOG_FILE",
            remedy="Correct the path or the folder's permissions.",
        ) from error
    return handler


def form(name: str, *, colors: bool) -> structlog.typing.Processor:
    """Return what turns an event into a line."""
    match name.lower():
        case "json":
            return structlog.processors.JSONRenderer()
        case "text":
            return structlog.dev.ConsoleRenderer(colors=colors)
        case _:
            raise unknown("COMITY_LOG_FORMAT", ("text", "json"))


def with_process(
    _logger: object, _name: str, event: structlog.typing.EventDict
) -> structlog.typing.EventDict:
    """Say which worker tells."""
    event["process"] = os.getpid()
    return event


def without_details(
    _logger: object, _name: str, event: structlog.typing.EventDict
) -> structlog.typing.EventDict:
    """Reduce another library's exception to its name: its message may hold a reader's words."""
    if exc_info := event.pop("exc_info", None):
        event["error"] = exc_info[0].__name__ if isinstance(exc_info, tuple) else "unknown"
    return event


def unknown(name: str, values: object) -> SettingsError:
    """Return the error for a setting with a word that it does not have."""
    words = ", ".join(values) if isinstance(values, dict | tuple) else ""
    return SettingsError(f"{name} is not one of its words.", field=name, remedy=f"Say {words}.")
