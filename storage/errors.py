"""What can go wrong with the store.

StorageError
├── StoreUnavailable    the database can't be opened, read or written
│   └── StoreConflict   another transaction got in the way; nothing was done, it may be tried again
├── StoreOutdated       its schema is older than this program: run `runplan db upgrade`
├── StoreTooNew         its schema is newer than this program
├── UserNotFound        no such runner
├── UserExists          a runner of this id is there already
├── PassportInvalid     a passport that can't be taken; names the place and what is accepted
├── PlanNotFound        the runner has no plan (or none of that id)
├── WorkoutNotFound     no such workout in the runner's plan
├── VersionConflict     the plan changed meanwhile
├── TurnConflict        the same key is in flight, or another turn of this runner is
├── TextRefused         a text holds what no database keeps: NUL, half a character
├── KeyReused           an idempotency key came back with another payload
├── MessagePurged       a message that came back is kept no longer
├── LeaseLost           another worker took the turn over: this one's writes are refused
├── IntegrationNotFound no such integration
├── IntegrationExists   an integration has this name already
├── IntegrationInvalid  a name that no integration can have
└── RateExceeded        a user, an integration or an address asked too often
"""


class StorageError(Exception):
    """The store's root error."""


class StoreUnavailable(StorageError):
    """The database can't be opened, read or written."""


class StoreConflict(StoreUnavailable):
    """Another transaction got in the way."""


class StoreOutdated(StorageError):
    """The schema is older than this program."""


class StoreTooNew(StorageError):
    """The schema is newer than this program."""


class UserNotFound(StorageError):
    """No runner has this id."""


class UserExists(StorageError):
    """A runner of this id is there already."""


class PassportInvalid(StorageError):
    """A passport that can't be taken."""


class PlanNotFound(StorageError):
    """The runner has no such plan."""


class WorkoutNotFound(StorageError):
    """The runner's plan has no such workout."""


class VersionConflict(StorageError):
    """The plan is no longer at the version that a change was made for."""


class TurnConflict(StorageError):
    """A turn can't start while another one runs."""


class TextRefused(StorageError):
    """A text holds what can't be stored the same on every database."""


class KeyReused(StorageError):
    """An idempotency key came back with another payload."""


class MessagePurged(StorageError):
    """What the message said and its reply are kept no longer."""


class LeaseLost(StorageError):
    """Another worker took this turn over."""


class IntegrationNotFound(StorageError):
    """No integration has this name."""


class IntegrationExists(StorageError):
    """An integration has this name already."""


class IntegrationInvalid(StorageError):
    """No integration can have this name."""


class RateExceeded(StorageError):
    """Too many requests in a minute. scope: of whom, such as "user"."""

    def __init__(self, scope: str, per_minute: int, retry_after_s: float) -> None:
        super().__init__(f"more than {per_minute} requests a minute of this {scope}")
        self.scope = scope
        self.per_minute = per_minute
        self.retry_after_s = retry_after_s
