"""Single workouts: how they are cut, shortened, eased and repaced."""

from dataclasses import replace

import pytest
from handmade import TUE, easy, intervals, long, tempo, week

from training import texts
from training.cutting import eased, filled, hard_segments, lighter, relabelled, repaced, shortened
from training.kits import kit_for, stretch, strides, whole_minutes
from training.measures import (
    hard_minutes,
    is_run,
    minutes_in,
    stride_count,
    total_km,
    total_minutes,
    work_minutes,
)
from training.paces import middle_s_per_km, race_pace
from training.plans import Fitness
from training.runners import Distance, Level, Runner
from training.sessions import (
    easy_run,
    event_day,
    long_run,
    quality_session,
    race_day,
    rest_day,
    walk_breaks,
    walk_run,
)
from training.workouts import Marker, RpeRange, Structure, Targets, WorkoutType, Zone

RUNNER = Runner(Level.INTERMEDIATE, age=40)
KIT = kit_for(Fitness(45.0, "race", "high"), Distance.HALF, RUNNER)
FASTER = kit_for(Fitness(50.0, "race", "high"), Distance.HALF, RUNNER)
EASY_PACE = KIT.paces.easy_s_per_km
EASY, LONG, TEMPO, INTERVAL, RECOVERY, REST = (
    WorkoutType(kind) for kind in ("easy", "long", "tempo", "interval", "recovery", "rest")
)


def parts(workout):
    return workout.structure.segments


def shape(workout):
    """Return (zone, repeats, minutes) of each part."""
    return [(s.zone, s.repeats, s.minutes) for s in parts(workout)]


def threshold(repeats=3, minutes=8, rest=2.0, **more):
    return stretch(KIT, Zone.T, minutes, repeats=repeats, rest=rest, **more)


def session(*main, kind=TEMPO):
    return quality_session(KIT, kind, main or (threshold(),), rationale="Because.")


def dated(workout, **more):
    return replace(week(0, {TUE: workout}).workouts[TUE], **more)


def km_at_easy(minutes):
    return minutes * 60 / EASY_PACE


# The kit.


def test_easy_minutes_and_km_are_each_others_inverse():
    assert KIT.easy_km_per_minute == 60 / EASY_PACE
    assert KIT.easy_minutes(km_at_easy(40)) == pytest.approx(40)


def test_km_in_a_zone_are_at_the_middle_of_its_range_and_walking_counts_as_easy():
    for zone in (Zone.M, Zone.T, Zone.I, Zone.R, Zone.RACE):
        pace = middle_s_per_km(KIT.paces.range_of(zone, Distance.HALF))
        assert KIT.km(zone, 10) == pytest.approx(600 / pace, abs=5e-4)
    assert KIT.km(Zone.E, 10) == KIT.km(Zone.WALK, 10) == pytest.approx(600 / EASY_PACE, abs=5e-4)


def test_paces_are_shown_where_they_are_known():
    assert KIT.pace(Zone.T) == KIT.paces.threshold
    assert KIT.pace(Zone.RACE) == race_pace(45.0, Distance.HALF)
    guess = kit_for(Fitness(38.0, "placeholder", "low"), Distance.HALF, RUNNER)
    assert guess.by_feel
    assert guess.pace(Zone.T) is None
    assert not KIT.by_feel


def test_a_kit_knows_its_heart_rate_and_its_lowest_fitness():
    assert KIT.has_heart_rate
    unknown = Runner(Level.INTERMEDIATE)
    assert not kit_for(Fitness(45.0, "race", "high"), Distance.HALF, unknown).has_heart_rate
    assert kit_for(Fitness(10.0, "race", "low"), Distance.HALF, unknown).paces.fitness == 15


# Stretches.


def test_a_stretch_is_by_time_or_by_distance():
    timed = threshold()
    assert (timed.by, timed.minutes, timed.repeats, timed.recovery_minutes) == ("time", 8, 3, 2)
    assert timed.km == KIT.km(Zone.T, 8)
    assert timed.recovery_km == KIT.km(Zone.E, 2)
    assert timed.pace_range == KIT.paces.threshold
    measured = stretch(KIT, Zone.I, 0, repeats=5, rest=3, km=1.0)
    assert (measured.by, measured.km) == ("distance", 1.0)
    assert measured.minutes * 60 == pytest.approx(middle_s_per_km(KIT.paces.interval), abs=1)


def test_a_single_stretch_needs_no_rest():
    single = threshold(repeats=1)
    assert (single.recovery_minutes, single.recovery_km) == (0, 0)


def test_strides_take_20_seconds_with_a_minute_between():
    four = strides(KIT, 4)
    assert (four.zone, four.repeats, four.recovery_minutes) == (Zone.R, 4, 1.0)
    assert four.minutes == pytest.approx(1 / 3)


# Easy runs.


@pytest.mark.parametrize(
    ("minutes", "expected"),
    [
        (9, [(Zone.E, 1, 9)]),
        (10, [(Zone.E, 1, 5), (Zone.E, 1, 5)]),
        (20, [(Zone.E, 1, 5), (Zone.E, 1, 10), (Zone.E, 1, 5)]),
        (40.7, [(Zone.E, 1, 5), (Zone.E, 1, 30), (Zone.E, 1, 5)]),
    ],
)
def test_an_easy_run_begins_and_ends_gently(minutes, expected):
    run = easy_run(KIT, minutes)
    assert shape(run) == expected
    assert run.planned_minutes == int(minutes)
    assert run.planned_km == pytest.approx(km_at_easy(int(minutes)), abs=0.02)
    assert (run.type, run.name, run.marker) == (EASY, f"{int(minutes)} min easy", None)
    assert run.targets == Targets(int(minutes), None, KIT.paces.easy, "Z2", RpeRange(3, 4))


def test_a_recovery_run_is_slower_and_easier():
    run = easy_run(KIT, 30, recovery=True)
    assert (run.type, run.name) == (RECOVERY, "Recovery 30 min")
    assert run.targets == Targets(30, None, KIT.paces.recovery, "Z1", RpeRange(2, 3))


def test_strides_are_part_of_the_minutes():
    run = easy_run(KIT, 40, stride_count=6)
    assert run.planned_minutes == 40
    assert (stride_count(run), run.name) == (6, "40 min easy + 6 strides")
    assert total_minutes(parts(run)) == pytest.approx(40, abs=0.05)
    assert hard_minutes(run, Distance.HALF) == 0


def test_strides_need_ten_easy_minutes_around_them():
    assert stride_count(easy_run(KIT, 17, stride_count=6)) == 6
    assert stride_count(easy_run(KIT, 16, stride_count=6)) == 0
    assert easy_run(KIT, 16, stride_count=6).name == "16 min easy"
    assert easy_run(KIT, 16, stride_count=6, recovery=True).name == "Recovery 16 min"


def test_sharpening_is_part_of_the_minutes_and_named():
    sharp = stretch(KIT, Zone.RACE, 2, repeats=3, rest=2, text="at race pace")
    run = easy_run(KIT, 40, sharpening=sharp)
    assert run.planned_minutes == 40
    assert minutes_in(run, Zone.RACE) == 6
    assert run.name == "40 min easy + 3 x 2 min at race pace"
    both = easy_run(KIT, 40, sharpening=sharp, stride_count=4)
    assert both.name == "40 min easy + 3 x 2 min at race pace + 4 strides"


def test_a_run_lasts_a_minute_at_least():
    assert easy_run(KIT, 0.2).planned_minutes == 1


def test_without_heart_rate_or_fitness_effort_leads():
    plain = kit_for(Fitness(38.0, "placeholder", "low"), Distance.HALF, Runner(Level.BEGINNER))
    for run in (easy_run(plain, 30), easy_run(plain, 30, recovery=True)):
        assert (run.targets.pace_range, run.targets.hr_zone) == (None, None)
        assert run.targets.rpe is not None


# Run-walk.


@pytest.mark.parametrize(
    ("stage", "run", "walk"), [(0, 1, 2), (1, 2, 2), (3, 4, 2), (4, 5, 1), (7, 10, 1), (12, 10, 1)]
)
def test_running_grows_and_walking_shrinks_from_stage_to_stage(stage, run, walk):
    found = walk_run(KIT, 30, EASY, walk_breaks(stage))
    (block,) = found.structure.main
    assert (block.minutes, block.recovery_minutes or walk) == (run, walk)
    assert total_minutes(parts(found)) == pytest.approx(30)
    assert (found.marker, found.name) == (
        Marker.WALK_RUN,
        f"Run-walk 30 min ({run} min run, {walk} min walk)",
    )


def test_a_run_walk_is_framed_by_five_minutes_of_walking():
    found = walk_run(KIT, 30, EASY, walk_breaks(0))
    assert shape(found) == [(Zone.WALK, 1, 5), (Zone.E, 7, 1), (Zone.WALK, 1, 6)]
    short = walk_run(KIT, 12, EASY, walk_breaks(0))
    assert shape(short) == [(Zone.WALK, 1, 3), (Zone.E, 2, 1), (Zone.WALK, 1, 5)]
    assert found.targets.rpe == RpeRange(3, 4)


# Long runs.


def test_a_long_run_is_whole_minutes_of_at_most_its_km():
    run = long_run(KIT, km_at_easy(90.5))
    assert run.planned_minutes == 90
    assert shape(run) == [(Zone.E, 1, 5), (Zone.E, 1, 80), (Zone.E, 1, 5)]
    assert (run.type, run.name) == (LONG, "Long run 90 min")
    assert run.targets == Targets(90, None, KIT.paces.easy, "Z2", RpeRange(4, 5))


def test_a_long_run_may_hold_a_faster_block_near_its_end():
    block = stretch(KIT, Zone.M, 20, repeats=2, rest=5, text="at marathon pace")
    run = long_run(KIT, 20.0, block=block)
    assert [zone for zone, *_ in shape(run)] == [Zone.E, Zone.E, Zone.M, Zone.E]
    assert 19.8 < run.planned_km <= 20.0
    assert run.name == f"Long run {run.planned_minutes:g} min with 2 x 20 min at marathon pace"
    assert run.targets.rpe == RpeRange(5, 6)
    one = long_run(KIT, 20.0, block=stretch(KIT, Zone.M, 20, text="at marathon pace"))
    assert one.name.endswith("min with 20 min at marathon pace")


def test_a_block_leaves_twenty_easy_minutes_or_is_left_out():
    block = stretch(KIT, Zone.M, 20)
    enough = block.km + km_at_easy(20.01)
    assert minutes_in(long_run(KIT, enough, block=block), Zone.M) == 20
    assert minutes_in(long_run(KIT, block.km + km_at_easy(19.9), block=block), Zone.M) == 0


def test_a_tiny_long_run_has_no_separate_parts():
    assert shape(long_run(KIT, km_at_easy(2.01))) == [(Zone.E, 1, 2)]
    assert shape(long_run(KIT, 0.01)) == [(Zone.E, 1, 1)]
    assert shape(long_run(KIT, km_at_easy(9.01))) == [(Zone.E, 1, 3)] * 3


def test_a_long_run_walk_keeps_its_name():
    run = long_run(KIT, km_at_easy(40.01), walk_stage=0)
    assert run.name.startswith("Long run-walk 40 min")
    assert (run.type, run.marker) == (LONG, Marker.WALK_RUN)


def test_km_are_read_as_whole_minutes_with_room_for_rounding():
    assert whole_minutes(KIT, km_at_easy(40)) == 40
    assert whole_minutes(KIT, km_at_easy(39.96)) == 40
    assert whole_minutes(KIT, km_at_easy(39.9)) == 39


# Quality.


def test_a_session_has_a_warmup_its_main_set_and_a_cooldown():
    run = session()
    assert shape(run) == [(Zone.E, 1, 10), (Zone.T, 3, 8), (Zone.E, 1, 5)]
    assert run.planned_minutes == 10 + 24 + 4 + 5
    assert run.planned_km == pytest.approx(total_km(parts(run)), abs=0.01)
    assert run.targets == Targets(43, None, KIT.paces.threshold, "Z4", RpeRange(6, 7))


def test_intervals_come_after_four_strides():
    run = session(stretch(KIT, Zone.I, 3, repeats=5, rest=2), kind=INTERVAL)
    assert [(zone, repeats) for zone, repeats, _ in shape(run)] == [
        (Zone.E, 1),
        (Zone.R, 4),
        (Zone.I, 5),
        (Zone.E, 1),
    ]
    assert (run.targets.pace_range, run.targets.hr_zone) == (KIT.paces.interval, "Z5")


def test_what_is_left_of_a_sessions_km_is_easy_running_at_its_ends():
    run = session()
    more = filled(run, KIT, run.planned_km + km_at_easy(9.01), 200)
    assert shape(more) == [(Zone.E, 1, 15), (Zone.T, 3, 8), (Zone.E, 1, 9)]
    assert more.planned_minutes == more.targets.duration_minutes == run.planned_minutes + 9
    assert more.planned_km == pytest.approx(run.planned_km + km_at_easy(9), abs=0.02)
    assert filled(run, KIT, 50.0, run.planned_minutes + 3).planned_minutes == 46
    assert filled(run, KIT, run.planned_km + km_at_easy(0.9), 200) == run
    assert filled(run, KIT, 50.0, 90).structure.warmup[0].minutes == 20


# Shortening and easing.


def test_nothing_is_shortened_that_fits_already():
    run = dated(easy_run(KIT, 40))
    assert shortened(run, KIT, run.planned_km) is run
    rest = rest_day()
    assert shortened(rest, KIT, 0.0) is rest


def test_an_easy_run_is_cut_to_whole_minutes_and_keeps_its_name_and_day():
    run = dated(easy_run(KIT, 40, stride_count=6), pinned=True)
    cut = shortened(run, KIT, km_at_easy(30.1))
    assert cut.planned_km <= km_at_easy(30.1) + 0.01
    assert 28 <= cut.planned_minutes <= 30
    assert stride_count(cut) == 6
    assert (cut.id, cut.scheduled_date, cut.pinned) == (run.id, run.scheduled_date, True)


def test_a_recovery_run_stays_one():
    cut = shortened(dated(easy_run(KIT, 40, recovery=True)), KIT, km_at_easy(25.1))
    assert (cut.type, cut.planned_minutes) == (RECOVERY, 25)


def test_a_run_of_under_ten_minutes_becomes_rest():
    run = dated(easy_run(KIT, 40), pinned=True)
    assert shortened(run, KIT, km_at_easy(10.01)).planned_minutes == 10
    rest = shortened(run, KIT, km_at_easy(9.9))
    assert (rest.type, rest.id, rest.pinned) == (REST, run.id, False)


def test_a_long_run_keeps_its_block_while_four_fifths_of_it_are_left():
    block = stretch(KIT, Zone.M, 20, text="at marathon pace")
    run = dated(long_run(KIT, 20.0, block=block))
    assert minutes_in(shortened(run, KIT, 0.81 * run.planned_km), Zone.M) == 20
    cut = shortened(run, KIT, 0.79 * run.planned_km)
    assert minutes_in(cut, Zone.M) == 0
    assert cut.type is LONG
    assert cut.planned_km <= 0.79 * run.planned_km + 0.02


def test_a_session_loses_repeats_and_then_becomes_easy():
    run = dated(session())
    cut = shortened(run, KIT, 0.8 * run.planned_km)
    assert cut.type is TEMPO
    assert 8 <= minutes_in(cut, Zone.T) < 24
    assert cut.planned_km <= 0.8 * run.planned_km
    gone = shortened(run, KIT, km_at_easy(12.01))
    assert gone.type is EASY
    assert hard_minutes(gone, Distance.HALF) == 0


def test_a_run_walk_stays_one_when_it_is_cut():
    run = dated(walk_run(KIT, 30, EASY, walk_breaks(2)))
    cut = shortened(run, KIT, km_at_easy(20.1))
    assert cut.marker is Marker.WALK_RUN
    assert cut.structure.main[0].minutes == 3
    long_one = dated(long_run(KIT, km_at_easy(60), walk_stage=4))
    assert shortened(long_one, KIT, km_at_easy(50.1)).marker is Marker.WALK_RUN


def test_sharpening_stays_in_a_run_that_is_cut():
    sharp = stretch(KIT, Zone.RACE, 2, repeats=2, rest=2, text="at race pace")
    cut = shortened(dated(easy_run(KIT, 40, sharpening=sharp)), KIT, km_at_easy(35))
    assert minutes_in(cut, Zone.RACE) == 4


def test_easing_takes_all_speed_away_and_a_share_of_the_length():
    run = dated(session())
    plain = eased(run, KIT)
    assert plain.type is EASY
    assert hard_segments(plain) == ()
    assert plain.planned_km <= run.planned_km
    assert plain.planned_minutes <= run.planned_minutes
    half = eased(run, KIT, 0.5)
    assert half.planned_minutes == pytest.approx(0.5 * run.planned_minutes, abs=1)
    assert (half.id, half.scheduled_date) == (run.id, run.scheduled_date)


def test_easing_leaves_a_plain_run_as_it_is():
    run = dated(easy_run(KIT, 40))
    assert eased(run, KIT) is run
    assert eased(run, KIT, 0.75).planned_minutes == 30
    with_strides = dated(easy_run(KIT, 40, stride_count=6))
    assert stride_count(eased(with_strides, KIT)) == 0
    assert eased(dated(easy_run(KIT, 40, recovery=True)), KIT, 0.5).type is RECOVERY
    rest = rest_day()
    assert eased(rest, KIT, 0.5) is rest


def test_an_eased_long_run_stays_a_long_run_down_to_ten_minutes():
    block = stretch(KIT, Zone.M, 20)
    run = dated(long_run(KIT, 20.0, block=block))
    assert (eased(run, KIT).type, minutes_in(eased(run, KIT), Zone.M)) == (LONG, 0)
    assert eased(run, KIT, 0.5).planned_km <= 10
    short = dated(long_run(KIT, km_at_easy(30.01)))
    assert eased(short, KIT, 0.34).type is LONG
    assert eased(short, KIT, 0.32).type is REST
    assert eased(dated(easy_run(KIT, 30)), KIT, 0.32).type is REST


def test_a_given_session_without_parts_is_eased_by_its_length():
    bare = dated(tempo(8), structure=Structure())
    plain = eased(bare, KIT)
    assert plain.type is EASY
    assert plain.planned_km <= 8.01


def test_a_dose_takes_repeats_away_and_at_last_minutes():
    run = dated(session())
    two = lighter(run, KIT, 2 / 3)
    assert [(s.repeats, s.minutes) for s in two.structure.main] == [(2, 8)]
    third = lighter(run, KIT, 0.2)
    assert [(s.repeats, s.minutes) for s in third.structure.main] == [(1, 4)]
    assert (two.type, two.id) == (TEMPO, run.id)
    easy_one = dated(easy_run(KIT, 40))
    assert lighter(easy_one, KIT, 0.5) is easy_one
    bare = dated(tempo(8), structure=Structure())
    assert lighter(bare, KIT, 0.5).type is EASY


def test_a_dose_keeps_distances_while_repeats_are_left():
    by_km = session(stretch(KIT, Zone.I, 0, repeats=4, rest=3, km=1.0), kind=INTERVAL)
    half = lighter(dated(by_km), KIT, 0.5)
    assert [(s.repeats, s.km, s.by) for s in half.structure.main] == [(2, 1.0, "distance")]
    (least,) = lighter(dated(by_km), KIT, 0.2).structure.main
    assert (least.repeats, least.by) == (1, "time")
    assert least.minutes <= 0.2 * work_minutes(by_km.structure.main[0])


# New paces.


def test_repacing_keeps_minutes_and_gives_the_new_paces_and_km():
    run = dated(session())
    again = repaced(run, FASTER)
    assert shape(again) == shape(run)
    assert again.planned_minutes == run.planned_minutes
    assert again.planned_km > run.planned_km
    assert again.targets.pace_range == FASTER.paces.threshold
    assert all(s.pace_range == FASTER.pace(s.zone) for s in parts(again))
    assert (again.targets.rpe, again.targets.hr_zone) == (run.targets.rpe, run.targets.hr_zone)


def test_repacing_keeps_distances_and_takes_minutes_off():
    by_km = dated(session(stretch(KIT, Zone.I, 0, repeats=4, rest=3, km=1.0), kind=INTERVAL))
    again = repaced(by_km, FASTER)
    assert again.structure.main[0].km == 1.0
    assert again.planned_minutes < by_km.planned_minutes
    assert again.targets.duration_minutes == again.planned_minutes


def test_each_type_is_repaced_to_its_own_range():
    assert repaced(dated(easy_run(KIT, 40)), FASTER).targets.pace_range == FASTER.paces.easy
    slow = repaced(dated(easy_run(KIT, 40, recovery=True)), FASTER)
    assert slow.targets.pace_range == FASTER.paces.recovery
    mixed = long_run(KIT, 20.0, block=stretch(KIT, Zone.M, 20))
    assert repaced(dated(mixed), FASTER).targets.pace_range == FASTER.paces.easy
    by_km = dated(easy_run(KIT, 40), targets=Targets(distance_km=7.0))
    assert repaced(by_km, FASTER).targets.duration_minutes is None


def test_rest_and_bare_workouts_have_no_paces_to_change():
    rest, bare = rest_day(), dated(tempo(8), structure=Structure())
    assert repaced(rest, FASTER) is rest
    assert repaced(bare, FASTER) is bare


# Labels.


def test_a_label_is_kept_but_a_rest_day_is_never_pinned():
    like = dated(easy(5), pinned=True)
    run = relabelled(intervals(), like)
    assert (run.id, run.scheduled_date, run.pinned) == (like.id, like.scheduled_date, True)
    assert not relabelled(rest_day(), like).pinned
    assert not relabelled(long(9), dated(easy(5))).pinned


def test_the_race_is_a_rest_day_with_a_marker():
    race = race_day(Distance.TEN_K)
    assert (race.type, race.marker, race.planned_km, is_run(race)) == (REST, Marker.RACE, 0, False)
    assert rest_day().targets == Targets()


def test_a_tune_up_race_and_a_test_run_each_say_what_they_are_for():
    race, trial = event_day(10.0, is_trial=False), event_day(3.0, is_trial=True)
    assert (race.name, race.marker) == ("Tune-up race: 10 km", Marker.TUNE_UP)
    assert (trial.name, trial.marker) == ("Test run: 3 km", Marker.TIME_TRIAL)
    assert (race.rationale, trial.rationale) == (texts.TUNE_UP, texts.TRIAL)
    assert (race.coach_cues, trial.coach_cues) == (texts.RACE_CUES, texts.TRIAL_CUES)
