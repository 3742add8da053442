"""Every rule that receipts and changes name: plain words, numbers, source, certainty."""

from dataclasses import dataclass
from enum import StrEnum

from training import (
    absence,
    early_warnings,
    fatigue,
    illness,
    options,
    pain,
    returning,
    signals,
    strength,
)
from training import tables as t
from training.runners import Distance, Level


class Sure(StrEnum):
    """How sure a rule is."""

    EVIDENCE = "E"
    PRACTICE = "C"
    DECISION = "D"


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule; id: as receipts and changes name it."""

    id: str
    words: str
    source: str
    sure: Sure


E, C, D = Sure
OWN = "Our decision"
DANIELS = "Daniels, Running Formula, 4th ed."
PFITZINGER = "Pfitzinger's rules for missed time, read second hand"


def _pc(share: float) -> str:
    return f"{100 * share:.0f} %"


def _levels(values: dict[Level, float] | dict[Level, int], unit: str = "") -> str:
    return "/".join(f"{values[level]:g}" for level in Level) + unit


def _distances(values: dict[Distance, float] | dict[Distance, int], unit: str) -> str:
    return ", ".join(f"{distance.value} {values[distance]:g}{unit}" for distance in Distance)


def _caps(values: dict[Distance, dict[Level, int]] | dict[Distance, dict[Level, float]]) -> str:
    return "; ".join(
        f"{distance.value} " + "/".join(f"{values[distance][level]:g}" for level in Level)
        for distance in Distance
    )


LIMITS = (
    Rule("1", "Every day from the start to the race has one entry. Rest is an entry too.", OWN, D),
    Rule(
        "3",
        "Phases come in order: base, build, peak, taper. The taper is last and takes "
        f"{_distances(t.TAPER_WEEKS, '')} weeks; advanced and short marathon plans may take two.",
        "Daniels; Smyth & Lawlor 2021 for the marathon's taper",
        C,
    ),
    Rule("4", "A week's target is the sum of its runs.", OWN, D),
    Rule(
        "5",
        f"The first week is at most {_pc(t.FIRST_WEEK_GROWTH)} of the mean of the last four weeks. "
        f"Beginners without history: {t.NO_HISTORY_WEEK_KM[Level.BEGINNER]:g} km or less.",
        OWN,
        D,
    ),
    Rule(
        "6",
        f"A week is at most {_pc(t.GROWTH)} of the highest of the three before it. Below "
        f"{t.SMALL_WEEK_KM:g} km, {t.SMALL_WEEK_STEP_KM:g} km more are allowed. Advanced runners "
        f"above {t.HIGH_VOLUME_KM:g} km grow to at most {_pc(t.GROWTH_HIGH_VOLUME)}. The 10 % is "
        "prudent, not proven: a trial found as many injuries with it as with faster growth.",
        "Coaching habit; Buist 2008 found no difference",
        C,
    ),
    Rule(
        "7",
        f"From {t.SMALL_WEEK_KM:g} km up, no week is over {_pc(t.JUMP)} of the one before, or "
        f"more than {_pc(t.TWO_WEEK_JUMP)} of the one before that. A return from a lighter week is "
        "excepted.",
        "Damsted 2019; Nielsen 2014 (read second hand)",
        E,
    ),
    Rule(
        "8",
        f"At most {t.LOADING_WEEKS} weeks load in a row before a lighter one. It is "
        f"{t.LOADING_WEEKS_CAREFUL} for beginners at the marathon, from age {t.CAREFUL_AGE}, and "
        f"after earlier injuries. A lighter week is at most {_pc(t.UNLOADING)} of the one before.",
        "Common coaching practice",
        C,
    ),
    Rule(
        "9",
        f"A planned lighter week takes off {_pc(t.CUTBACK_DEPTH[0])} to {_pc(t.CUTBACK_DEPTH[1])}.",
        "Common coaching practice",
        C,
    ),
    Rule(
        "10",
        "The highest week comes late, and stays within the table's peak, or "
        f"{_pc(t.HISTORY_PEAK)} of the runner's own history where that is more. Peak in km a week: "
        + "; ".join(
            f"{d.value} " + "/".join(f"{t.VOLUME_KM[d][level][1]:g}" for level in Level)
            for d in Distance
        )
        + ".",
        "Fitted to published plans",
        D,
    ),
    Rule(
        "11",
        f"No run is longer than {_pc(t.SPIKE)} of the longest of the last {t.SPIKE_DAYS} days. Up "
        f"to {t.SPIKE_STEP_UP_TO_KM:g} km, {t.SPIKE_STEP_KM:g} km more is allowed.",
        "Frandsen 2025 (588 071 runs of 5205 runners); the small step is ours",
        E,
    ),
    Rule(
        "12",
        "The long run is at most a share of its week: "
        + ", ".join(f"{_pc(t.LONG_SHARE[n])} with {n} runs" for n in range(2, 7))
        + f". Marathon plans may add {_pc(t.LONG_SHARE_MARATHON_BONUS)} from four days on. Weeks "
        f"below {t.LONG_SHARE_SMALL_WEEK_KM:g} km may reach {_pc(t.LONG_SHARE_SMALL_WEEK)}.",
        "Daniels gives 25 to 30 %; wider with few run days",
        C,
    ),
    Rule(
        "13",
        f"The long run has caps. Minutes: {_caps(t.LONG_MINUTES)}. Km: {_caps(t.LONG_KM)}.",
        "Daniels caps at 150 minutes; ours are wider for slow marathon runners",
        D,
    ),
    Rule(
        "13-others",
        f"Every other run is at most {_pc(t.OTHER_RUN_SHARE)} of the long run. Race week and weeks "
        f"below {t.OTHER_RUN_SMALL_WEEK_KM:g} km are excepted.",
        OWN,
        D,
    ),
    Rule("14", "A week has one long run at most, and it is the week's longest.", "Practice", C),
    Rule("15", "Two hard days never follow each other, nor across a week's end.", "Practice", C),
    Rule(
        "16",
        f"Hard days a week: at most {_levels(t.HARD_DAYS)}. A long run over "
        f"{t.HARD_LONG_MINUTES:g} minutes, or with {t.HARD_LONG_BLOCK_MINUTES:g} fast ones, is. "
        f"With an injury flag, one that passes it by {t.JUST_HARD_MINUTES:g} at most is cut to it.",
        "Practice",
        C,
    ),
    Rule(
        "2.7",
        "Faster sessions a week besides the long run: "
        + "; ".join(f"{phase.value} {_levels(t.QUALITY[phase])}" for phase in t.QUALITY)
        + ".",
        "Practice",
        C,
    ),
    Rule("17", f"Rest days a week: at least {_levels(t.REST_DAYS)}.", OWN, D),
    Rule(
        "18",
        f"Of each week's minutes, at least {_levels({k: 100 * v for k, v in t.LOW_SHARE.items()})} "
        f"% are easy ({100 * t.LOW_SHARE_BASE[Level.BEGINNER]:g} % for beginners in the base).",
        "Knopp 2024: published marathon plans are 77 to 82 % easy; the floors are ours",
        E,
    ),
    Rule(
        "18-mean",
        f"Over the whole plan at least {_pc(t.LOW_SHARE_MEAN)} of the minutes are easy.",
        "Knopp 2024; Haugen 2022",
        E,
    ),
    Rule(
        "19",
        f"A session's fast part is capped. Threshold: {_pc(t.T_WEEK_SHARE)} of the week and "
        f"{t.T_MINUTES:g} minutes. Intervals: {_pc(t.I_WEEK_SHARE)} and {t.I_KM:g} km. Repeats: "
        f"{_pc(t.R_WEEK_SHARE)} and {t.R_KM:g} km. Marathon pace: {_pc(t.M_WEEK_SHARE)}, "
        f"{t.M_MINUTES:g} minutes and {t.M_KM:g} km. Small doses are always allowed: threshold "
        f"{_levels(t.T_ALWAYS_MINUTES)}, intervals {_levels(t.I_ALWAYS_MINUTES)}, repetitions "
        f"{_levels(t.R_ALWAYS_MINUTES)} minutes.",
        DANIELS + "; the interval and repetition caps from memory",
        C,
    ),
    Rule("20", "Every run has a length, an effort, a reason and two to four cues.", OWN, D),
    Rule(
        "21",
        f"Fast sessions warm up for at least {t.WARMUP_MINUTES} minutes and cool down for "
        f"{t.COOLDOWN_MINUTES}. The parts add up to the whole.",
        OWN,
        D,
    ),
    Rule("22", "Paces keep their order, from repetitions down to easy running.", DANIELS, C),
    Rule("24", "Runs are on the runner's days, and fit their time.", OWN, D),
    Rule(
        "25",
        "In the taper no week is bigger than the one before. The week shares of the peak are "
        + "; ".join(
            f"{d.value} " + ", ".join(_pc(share) for share in t.TAPER_SHARES[d]) for d in Distance
        )
        + ". The last week is at most "
        + _distances({d: 100 * v for d, v in t.LAST_TAPER_SHARE.items()}, " %")
        + f", and at least {_pc(t.LEAST_TAPER_SHARE)}, or as much as its days hold with "
        f"{t.LAST_DAYS_MINUTES} minutes each.",
        "Bosquet 2007; Smyth & Lawlor 2021",
        E,
    ),
    Rule("25-touch", "The taper keeps a touch of race pace.", "Bosquet 2007", E),
    Rule(
        "26",
        f"No hard session in the last days: {_distances(t.LAST_HARD_DAYS_OUT, ' days')}. Up to "
        f"{t.SHARPENING_MINUTES:g} quick minutes are fine. The day before is rest, or at most "
        f"{t.EVE_MINUTES} easy minutes.",
        "Practice",
        C,
    ),
    Rule(
        "27",
        f"The longest run is well before the race: {_distances(t.LONGEST_RUN_DAYS_OUT, ' days')}.",
        "Practice",
        C,
    ),
    Rule(
        "28",
        "While an injury is noted nothing is fast, and volume is at most "
        f"{_pc(t.INJURY_VOLUME)} of what it was.",
        "Common clinical caution; the number is ours",
        D,
    ),
    Rule(
        "2.10",
        f"A race on the way is at least {t.TUNE_UP_DAYS_OUT} days before the goal, a half marathon "
        f"{t.HALF_DAYS_OUT} before a marathon; one in {t.TUNE_UP_DAYS_APART} days, in build or "
        f"peak. It takes the place of its week's hardest session. {t.TUNE_UP_EASY_DAYS_BEFORE} "
        f"days before it are easy, and after it one for every {t.KM_PER_EASY_DAY:g} km.",
        "Daniels for the days after; the rest from memory",
        C,
    ),
    Rule(
        "2.5",
        "One thing rises at a time: a new plan's week with its longest run so far has no more "
        "quality than the three weeks before it.",
        "Common coaching practice",
        C,
    ),
    Rule(
        "29",
        "While a hold is on, after illness, pain or a long break, there is no running before one "
        "day and nothing fast before another. No weeks grow that it reaches. It ends by itself on "
        "its days.",
        "The neck check, and the rules for pain below",
        C,
    ),
)

CHANGES = (
    Rule(
        "2.10-tune-up",
        "A race on the way takes the place of its week's hardest session.",
        "Common coaching practice",
        C,
    ),
    Rule("3.1-missed", "A missed run is dropped. No other day grows.", PFITZINGER, C),
    Rule(
        "3.1-shorter",
        f"Instead of being dropped a run may be cut to {_pc(options.SHORT_SHARE)} of its length.",
        "Common coaching practice; the number is ours",
        D,
    ),
    Rule(
        "3.1-gap",
        f"After {absence.SHORT_GAP} days off and more the return is gentle. Below "
        f"{absence.MIDDLE_GAP} days: {_pc(absence.WEEK_SHARE)} of the usual week. Below "
        f"{absence.LONG_GAP}: {' and '.join(map(_pc, absence.HALVES))}. Longer: "
        f"{', '.join(map(_pc, absence.THIRDS))}. The first {absence.EASY_RUNS_FIRST} are easy. "
        f"Fitness falls by {100 * absence.LAYOFF_PER_DAY:.1f} % a day after "
        f"{absence.LAYOFF_FREE_DAYS}, to {_pc(absence.LAYOFF_FLOOR)} at the lowest.",
        "Daniels' table of layoffs; the return shares from memory",
        C,
    ),
    Rule(
        "3.1-repeated",
        f"Two weeks in a row with under {early_warnings.LOW_ADHERENCE} of 100 in adherence: "
        f"{_pc(1 - absence.FITTED_SHARE)} less running is proposed, with a question about days.",
        "The share is ours; the question is coaching practice",
        D,
    ),
    Rule(
        "3.2-above-neck",
        f"A light cold: easy runs of at most {illness.COLD_MINUTES} minutes for "
        f"{illness.COLD_DAYS} days.",
        "The neck check",
        C,
    ),
    Rule(
        "3.2-below-neck",
        f"Illness below the neck: rest for {illness.REST_DAYS_WHILE_ILL} days at a time. Then "
        f"{illness.HALF_DAYS} days at {_pc(illness.HALF)}, and nothing fast for as long as the "
        f"illness took, at most {illness.MOST_QUALITY_FREE_DAYS}.",
        "The neck check",
        C,
    ),
    Rule("3.2-fever", "Fever: as for illness below the neck. No running.", "The neck check", C),
    Rule(
        "3.3-light-pain",
        f"Pain below {pain.FLAG_FROM}: running goes on, with no new longest run that week.",
        "After Vincent & Vincent 2017",
        C,
    ),
    Rule(
        "3.3-moderate-pain",
        f"Pain from {pain.FLAG_FROM}: easy only, at {_pc(t.INJURY_VOLUME)} or less, until it is "
        "over.",
        "After Vincent & Vincent 2017; the levels are ours",
        C,
    ),
    Rule(
        "3.3-stop",
        f"Pain from {pain.STOP_FROM}, or a limp, swelling, sharp or night pain: {pain.REST_DAYS} "
        "days of rest and a look by someone trained.",
        "After Vincent & Vincent 2017; the levels are ours",
        C,
    ),
    Rule(
        "3.3-cleared",
        f"An injury is over: {pain.PAIN_FREE_DAYS} days without pain, then faster running at half "
        f"the dose for {pain.HALF_DOSE_DAYS} days.",
        OWN,
        D,
    ),
    Rule(
        "3.3-stages",
        f"After {returning.FROM_DAYS_OUT} days out, or an injury of a bone, running comes back "
        f"every other day, each stage {returning.EACH_STAGE} times: "
        + "; ".join(
            f"{run} min run, {walk} min walk, {km:g} km" if walk else f"{km:g} km running"
            for run, walk, km in returning.STAGES
        )
        + ".",
        "A trial's protocol (BMC Trials 2023)",
        C,
    ),
    Rule(
        "3.4-single-sign",
        f"One sign of tiredness (effort {signals.RPE_SIGNAL} over plan, soreness "
        f"{signals.SORENESS_SIGNAL}, tiredness {signals.FATIGUE_SIGNAL}, heart rate drift over "
        f"{signals.DRIFT_SIGNAL:g} %): the next hard session becomes easy.",
        OWN,
        D,
    ),
    Rule(
        "3.4-strong-sign",
        f"A strong sign (effort {signals.RPE_STRONG} over on an easy run, soreness "
        f"{signals.SORENESS_STRONG}), or signs in two of {signals.RECENT_RUNS} runs: "
        f"{fatigue.EASY_DAYS} easy days, a lighter session, {_pc(fatigue.WEEK_CUT)} of the volume.",
        OWN,
        D,
    ),
    Rule(
        "3.4-often",
        f"Signs {signals.OFTEN} times in {signals.WINDOW_DAYS} days: a week without fast running "
        f"at {_pc(fatigue.STRONG_CUT)} of the volume.",
        OWN,
        D,
    ),
    Rule(
        "3.5-drift",
        f"Two of {early_warnings.DRIFT_RUNS} long runs with a heart rate drift over "
        f"{early_warnings.DRIFT_PERCENT:g} %: for {fatigue.DRIFT_DAYS} days long runs stay as long "
        "as they are, without faster parts, and a little slower.",
        "Friel's 5 % for decoupling; a convention",
        C,
    ),
    Rule(
        "3.6-missed-targets",
        f"{early_warnings.MISSED_TIMES} sessions in {early_warnings.WINDOW_DAYS} days over "
        f"{_pc(early_warnings.MISSED_BY - 1)} slower than planned and harder than planned: fitness "
        f"falls by {100 * fatigue.FITNESS_CUT:g} %, and the paces with it.",
        "Common coaching practice; the numbers are ours",
        D,
    ),
    Rule("3.8-availability", "New days: long run and main session stay first.", OWN, D),
    Rule("3.8-availability-until", "Fewer days for a while: what does not fit goes.", OWN, D),
    Rule("3.8-goal", "Another race: the plan is built anew from what is run now.", OWN, D),
    Rule(
        "3.9-training",
        f"Feeling strong: fitness rises by {strength.TRAINING_STEP:g} after "
        f"{strength.WINDOW_DAYS} good days with {strength.SESSIONS} fast sessions and "
        f"{strength.ADHERENCE:g} of 100 in adherence. Volume stays.",
        DANIELS,
        C,
    ),
    Rule(
        "3.9-result",
        f"A race result sets fitness: up by at most {strength.RACE_STEP:g} at once, down to at "
        f"least {_pc(strength.DEEPEST_DROP)}.",
        OWN,
        D,
    ),
    Rule("move", "A run moves to a free day if every limit holds.", OWN, D),
    Rule("swap", "Two days change places if every limit holds.", OWN, D),
    Rule("undo", "The last change is taken back where the limits still hold.", OWN, D),
)
RULES = (*LIMITS, *CHANGES)
