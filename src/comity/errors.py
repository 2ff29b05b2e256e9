"""Everything that can go wrong, as one tree; each error knows its code, its status and its remedy.

ComityError                     500  internal
├── BadInput                    400  bad_input
│   ├── GuidelinesError         400  guidelines
│   └── SettingsError           400  settings
├── NotSignedIn                 401  not_signed_in
├── Forbidden                   403  forbidden
│   └── Sanctioned              403  sanctioned
├── NotFound                    404  not_found
├── Conflict                    409  conflict
├── TooMany                     429  too_many
└── Unavailable                 503  unavailable
"""

from datetime import datetime
from typing import ClassVar


class ComityError(Exception):
    """Base of all errors that a person may meet: what happened, where, and what to do about it."""

    code: ClassVar[str] = "internal"
    status: ClassVar[int] = 500

    def __init__(self, message: str, *, field: str = "", remedy: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.field = field
        self.remedy = remedy

    def __str__(self) -> str:
        return f"{self.message} {self.remedy}".strip()


class BadInput(ComityError):
    """What was sent cannot be understood or is out of bounds; `field` names the place."""

    code = "bad_input"
    status = 400


class GuidelinesError(BadInput):
    """The guidelines file cannot be obeyed; the message names the heading, the line and the key."""

    code = "guidelines"


class SettingsError(BadInput):
    """A setting is missing or malformed; `field` names the environment variable."""

    code = "settings"


class NotSignedIn(ComityError):
    """The call needs a person, and nobody is signed in (or the token is not valid)."""

    code = "not_signed_in"
    status = 401


class Forbidden(ComityError):
    """The person is known and may not do this."""

    code = "forbidden"
    status = 403


class Sanctioned(Forbidden):
    """The person is suspended or blocked here: says why, until when, and how to appeal."""

    code = "sanctioned"

    def __init__(self, message: str, *, until: datetime | None, remedy: str) -> None:
        super().__init__(message, remedy=remedy)
        self.until = until


class NotFound(ComityError):
    """There is no such thing, or this person may not know that there is."""

    code = "not_found"
    status = 404


class Conflict(ComityError):
    """The thing has changed, is closed, or was done already."""

    code = "conflict"
    status = 409


class TooMany(ComityError):
    """A limit was met; `retry_after` is in seconds."""

    code = "too_many"
    status = 429

    def __init__(self, message: str, *, retry_after: int, remedy: str = "") -> None:
        super().__init__(message, remedy=remedy or f"Try again in {retry_after} seconds.")
        self.retry_after = retry_after


class Unavailable(ComityError):
    """The database is locked, full or away; nothing was stored, and the call may be repeated.

    `cause` is what the database itself said and `mend` what an operator can do about it: as text,
    for the command line, the error says them; callers of the server are told to try again.
    """

    code = "unavailable"
    status = 503

    def __init__(self, message: str, *, remedy: str = "", cause: str = "", mend: str = "") -> None:
        super().__init__(message, remedy=remedy)
        self.cause = cause
        self.mend = mend

    def __str__(self) -> str:
        if not self.cause:
            return super().__str__()
        return f"{self.message} It says: {self.cause.rstrip('.')}. {self.mend}"
