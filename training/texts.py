"""The words of a plan: rationales, cues and names, kind and plain."""

from collections.abc import Sequence

from training.units import render_number
from training.workouts import Marker, Segment, WorkoutType, Zone

DISTANCE_NAMES = {
    "5k": "5 km",
    "10k": "10 km",
    "half": "half marathon",
    "marathon": "marathon",
}

REST = "Rest is when training turns into fitness."
RACE = "The day the training was for. Its distance is outside the training volume."
RACE_CUES = (
    "Start a little slower than feels right; the second half is where races are made.",
    "Nothing new today: shoes, breakfast and drinks that you know.",
)
EASY = "Easy running builds the aerobic base that every other session stands on."
RECOVERY = "A gentle run helps the legs come back after the long run."
WALK_RUN = "Short runs with walk breaks let bones and tendons get used to running."
LONG = "The long run builds endurance, and the habit of being on your feet."
LONG_WITH_BLOCK = "Endurance first, then race effort on tired legs, as it will be on the day."
SHARPENING = "A few minutes at race effort keep the legs awake without tiring them."
TEMPO = "Threshold work raises the pace that you can hold for a long time."
RACE_PACE = "Practice at race pace, so that race day feels familiar."
INTERVALS = "Intervals raise the ceiling: how much oxygen your body can use."
REPETITIONS = "Short, quick repeats improve running economy."
TRIAL = "A test run shows where you are, so that your paces can be set from it."

TUNE_UP = "A race on the way shows where you are, and practises race day."
TRIAL_CUES = (
    "Warm up for fifteen minutes, then run it as evenly and as fast as you can hold.",
    "Tell me the time afterwards; your paces are set from it.",
)

_CUES = {
    WorkoutType.EASY: (
        "You should be able to talk in full sentences.",
        "If the pace and the effort disagree, follow the effort.",
        "Short, light steps; relaxed shoulders.",
    ),
    WorkoutType.RECOVERY: (
        "Slower than you think; it can hardly be too easy.",
        "Stop early if anything hurts.",
    ),
    WorkoutType.LONG: (
        "Start gently and finish feeling that you could go on.",
        "Full sentences throughout; slow down or walk a hill if needed.",
        "Stay tall when you get tired.",
    ),
    WorkoutType.TEMPO: (
        "Comfortably hard: a few words at a time.",
        "Even pace; the last repeat should look like the first.",
        "Relax hands and jaw.",
    ),
    WorkoutType.INTERVAL: (
        "Hard but controlled: single words only.",
        "Hold back on the first repeat and finish with one left in you.",
        "Quick, tall and light; jog the rests slowly.",
    ),
}
_FUEL = "Over 90 minutes: take water and something to eat along."
_GUIDE_ONLY = "Effort leads today; the pace is a guide only."
_WALK = "Walk before you need to; the breaks are part of the session."


def cues(
    kind: WorkoutType, minutes: float, *, marker: Marker | None, guide_only: bool
) -> tuple[str, ...]:
    """Return two to four cues: effort first, then pace, then form or fuel."""
    chosen = list(_CUES[kind])
    if marker is Marker.WALK_RUN:
        chosen = [_WALK, *chosen[:2]]
    if guide_only:
        chosen.insert(1, _GUIDE_ONLY)
    if minutes > 90:
        chosen = [*chosen[:3], _FUEL]
    return tuple(chosen[:4])


def session_name(kind: WorkoutType, main: Sequence[Segment]) -> str:
    """Return a session's name as runners read it: "Tempo 3 x 8 min"."""
    parts = " + ".join(_stretch_name(s) for s in main if s.zone is not Zone.E)
    if any(s.zone is Zone.RACE for s in main):
        return f"Race pace {parts}"
    if any(s.zone is Zone.M for s in main):
        return f"Marathon pace {parts}"
    return f"Tempo {parts}" if kind is WorkoutType.TEMPO else f"Intervals {parts}"


def _stretch_name(segment: Segment) -> str:
    if segment.by == "distance":
        whole = segment.km >= 2 and segment.km == int(segment.km)
        size = f"{segment.km:g} km" if whole else f"{round(segment.km * 1000)} m"
    elif segment.minutes < 1:
        size = f"{round(segment.minutes * 60)} s"
    else:
        size = f"{render_number(segment.minutes)} min"
    return size if segment.repeats == 1 else f"{segment.repeats} x {size}"


FOCUS = {
    ("5k", "base"): "Aerobic base + relaxed speed",
    ("5k", "build"): "Threshold + first race speed",
    ("5k", "peak"): "Race speed",
    ("10k", "base"): "Aerobic base + steady running",
    ("10k", "build"): "Threshold + pacing control",
    ("10k", "peak"): "Race pace endurance",
    ("half", "base"): "Aerobic base + easy volume",
    ("half", "build"): "Aerobic efficiency + pacing control",
    ("half", "peak"): "Race pace + long run strength",
    ("marathon", "base"): "Aerobic base + easy volume",
    ("marathon", "build"): "Threshold + long run endurance",
    ("marathon", "peak"): "Marathon pace + fuelling practice",
}
FOCUS_TAPER = "Freshness + sharpness"
FOCUS_NOTES = {
    "cutback": "Recovery week: absorb the training",
    "missed_cutback": "Recovery week: absorb the training",
    "return": "Gentle return",
    "fatigue": "Recovery week: easy running only",
    "illness": "Get well first",
    "injury": "Easy and pain-free",
    "tune_up": "A race on the way, with easy days around it",
    "race": "Race week",
}


def focus(distance: str, phase: str, note: str | None) -> str:
    """Return a week's focus in one line."""
    if note in FOCUS_NOTES:
        return FOCUS_NOTES[note]
    return FOCUS.get((distance, phase), FOCUS_TAPER)
