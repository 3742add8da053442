"""Who may use the plan: the seed's one rule."""

from dataclasses import dataclass
from typing import Literal

TOP_PROMPT = "Track my training"


@dataclass(frozen=True, slots=True)
class Subscription:
    """The seed's group of the user profile."""

    status: Literal["active", "inactive"] = "inactive"
    plan_entitled: bool = False


def top_prompt(subscription: Subscription | None) -> str | None:
    """Return the top-of-chat prompt, or None where the plan is not the runner's to use.

    The plan tools are offered and run exactly where this returns a prompt.
    """
    if subscription is None:
        return None
    entitled = subscription.status == "active" and subscription.plan_entitled
    return TOP_PROMPT if entitled else None
