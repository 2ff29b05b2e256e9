"""Structured logs: events with fields, as text for people or JSON for machines."""

import logging
import sys

import structlog

from comity.errors import SettingsError
from comity.settings import Settings

LEVELS = {"debug": 10, "info": 20, "warning": 30, "error": 40}


def configure(settings: Settings) -> None:
    """Send our events, and the server's own messages, to standard error in one form.

    Raises:
        SettingsError: there is no such format or level.
    """
    level = LEVELS.get(settings.log_level.lower())
    if level is None:
        raise unknown("COMITY_LOG_LEVEL", LEVELS)
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    structlog.configure(
        processors=[*shared, form(settings.log_format)],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                without_details,
                form(settings.log_format),
            ],
        )
    )
    logging.basicConfig(handlers=[handler], level=max(level, logging.INFO), force=True)


def form(name: str) -> structlog.typing.Processor:
    """Return what turns an event into a line."""
    match name.lower():
        case "json":
            return structlog.processors.JSONRenderer()
        case "text":
            return structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())
        case _:
            raise unknown("COMITY_LOG_FORMAT", ("text", "json"))


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
