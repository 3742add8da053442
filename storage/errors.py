"""What can go wrong with the store.

StorageError
├── StoreUnavailable    the database can't be opened, read or written
│   └── StoreConflict   another transaction got in the way; nothing was done, it may be tried again
├── StoreOutdated       its schema is older than this program: run `runplan db upgrade`
├── StoreTooNew         its schema is newer than this program
├── UserNotFound        no such runner
├── PlanNotFound        the runner has no plan (or none of that id)
├── WorkoutNotFound     no such workout in the runner's plan
├── VersionConflict     the plan changed meanwhile
├── TurnConflict        the same key is in flight, or another turn of this runner is
├── TextRefused         a text holds what no database keeps: NUL, half a character
├── KeyReused           an idempotency key came back with another payload
└── LeaseLost           another worker took the turn over: this one's writes are refused
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


class LeaseLost(StorageError):
    """Another worker took this turn over."""
