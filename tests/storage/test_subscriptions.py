"""The truth table of the seed's rule."""

import pytest

from storage.subscriptions import Subscription, top_prompt


@pytest.mark.parametrize(
    ("subscription", "prompt"),
    [
        (Subscription("active", True), "Track my training"),
        (Subscription("active", False), None),
        (Subscription("inactive", True), None),
        (Subscription("inactive", False), None),
        (None, None),
    ],
)
def test_the_prompt_is_for_active_and_entitled_runners_alone(
    subscription: Subscription | None, prompt: str | None
) -> None:
    assert top_prompt(subscription) == prompt
