"""Identifiers of the seed's form: a prefix, an underscore, random characters."""

import secrets

_ALPHABET = "0123456789abcdefghijkmnpqrstuvwxyz"


def new_id(prefix: str) -> str:
    """Return a fresh id that can't be guessed, such as `plan_7h2k...`."""
    return f"{prefix}_{''.join(secrets.choice(_ALPHABET) for _ in range(16))}"
