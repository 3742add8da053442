"""What can go wrong on the way to a reply.

AssistantError
├── SettingsInvalid     a setting that this program can't run with
├── OptionInvalid       a command's option that can't be used
├── MessageRefused      a message that can't be taken: empty, too long, not text
├── ModelUnavailable    no model answered within the retries and the deadline
├── ModelRefused        the endpoint turned the request down: retrying can't help
├── Busy                another message of the runner is being answered
└── KeysUnavailable     a token can't be judged: its issuer's keys can't be had
"""


class AssistantError(Exception):
    """The root; messages are fit to be shown."""


class SettingsInvalid(AssistantError):
    """A setting that this program can't run with."""


class OptionInvalid(AssistantError):
    """A command's option that can't be used."""


class MessageRefused(AssistantError):
    """A message that can't be taken."""


class ModelUnavailable(AssistantError):
    """No model answered in time; the same message may be sent again under the same key."""

    def __init__(self, message: str, *, retry_after_s: float = 5.0) -> None:
        super().__init__(message)
        self.retry_after_s = retry_after_s


class ModelRefused(ModelUnavailable):
    """The endpoint turned the request down (key, quota, model name): retrying can't help."""


class Busy(AssistantError):
    """Another message of the runner is being answered."""

    def __init__(self, message: str, *, retry_after_s: float = 2.0) -> None:
        super().__init__(message)
        self.retry_after_s = retry_after_s


class KeysUnavailable(AssistantError):
    """The issuer's keys can't be had, so no token can be judged."""
