"""The tool that shows one workout whole."""

from tools.arguments import Arguments, Date, WorkoutId


class GetWorkout(Arguments):
    """Show one workout whole: structure, targets, cues, what was done, and why it is there.

    Use it for "what's on Thursday", "how do I run the tempo", "why is Thursday a tempo". Give
    `date` or `workout_id`.
    """

    date: Date | None = None
    """The day, e.g. "2026-02-12"."""
    workout_id: WorkoutId | None = None
    """The workout's id, e.g. "wk_987"."""
