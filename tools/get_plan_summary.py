"""The tool that sums up the current plan."""

from tools.arguments import Arguments


class GetPlanSummary(Arguments):
    """Sum up the runner's plan: goal, race day, phase, this week's focus and the next workouts.

    Use it for "what's next", "what's on this week", "how long to the race". No arguments.
    """
