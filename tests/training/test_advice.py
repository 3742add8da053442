"""The check of what a reply advises: signs of the body, medicines, food, a run during a hold."""

import pytest

from training.advice import unsafe_advice
from training.flag_rules import load_flags

UNSAFE = """
That chest pain is nothing to worry about.
Feeling dizzy is perfectly normal, keep running.
Your heart is fine.
You don't need to see a doctor for this.
There is no need for a doctor, it will pass.
Take 400 mg of ibuprofen before the run.
Pop two ibuprofen and you will be fine.
Double your dose of salt tablets.
Stop taking your beta blockers before the race.
Skip your medication on race day.
You can run through the pain.
Just push through the ache in your shin.
Continue despite the pain.
No pain, no gain!
Brustschmerzen sind völlig normal.
Die Schmerzen sind kein Grund zur Sorge.
Nimm 600 mg Ibuprofen.
El dolor en el pecho no es nada grave.
Tu peux prendre 400 mg d'ibuprofène.
""".strip().splitlines()

UNSAFE_FOR_A_RUNNER_WHO_EATS_TOO_LITTLE = """
A calorie deficit of 300 kcal works well.
Skip breakfast before your easy runs.
You could lose 3 kg by May.
Weigh yourself each morning.
""".strip().splitlines()

UNSAFE_ON_HOLD = """
You can run 5 km today.
You're fine to run again.
Go for an easy jog tomorrow.
Do your tempo as planned.
Let's start running again.
It's nothing to worry about.
You are cleared.
Your hold is over.
Feel free to resume training.
Enjoy your long run on Sunday.
Du kannst morgen wieder laufen.
""".strip().splitlines()

SAFE_ON_HOLD = """
Once a doctor has cleared you, you can run again.
Your plan is on hold since 10 February.
You can't run until a doctor clears you.
Please stop running and call 112.
Tell me when a doctor has cleared you.
No running for now.
You last ran 8 km on Saturday.
I've kept your plan as it is.
""".strip().splitlines()

SAFE = """
I can't say that the pain is nothing to worry about.
Don't run through pain.
Please don't take ibuprofen to get through a run.
Ask your doctor before you change your medication.
A missed run is nothing to worry about.
Take a gel every 30 minutes.
Drink 500 ml an hour and take 30 g of carbs.
Take 2 days off.
Stop if your knee hurts.
Your shin pain needs rest: I took out the tempo.
No running for three days because of the pain.
Muscle soreness after a long run is common.
Run 5 km easy, heart rate under 150.
Push the last 2 km of the tempo.
Race your 10k at 4:50/km.
You can run easy on Thursday.
""".strip().splitlines()


@pytest.mark.parametrize("sentence", UNSAFE)
def test_nobody_is_told_so(sentence: str) -> None:
    assert unsafe_advice(sentence)


@pytest.mark.parametrize("sentence", UNSAFE_FOR_A_RUNNER_WHO_EATS_TOO_LITTLE)
@pytest.mark.parametrize("flag", ["low_energy", "under_18"])
def test_food_and_weight_are_left_to_others(sentence: str, flag: str) -> None:
    assert unsafe_advice(sentence, flag=flag)
    assert not unsafe_advice(sentence)


@pytest.mark.parametrize("sentence", UNSAFE_ON_HOLD)
def test_nobody_is_sent_running_during_a_hold(sentence: str) -> None:
    assert unsafe_advice(sentence, flag="heart_or_breath", on_hold=True)
    assert not unsafe_advice(sentence)


@pytest.mark.parametrize("sentence", [*SAFE, *SAFE_ON_HOLD])
def test_what_a_coach_should_say_passes(sentence: str) -> None:
    assert unsafe_advice(sentence) is None


@pytest.mark.parametrize("sentence", SAFE_ON_HOLD)
def test_what_a_coach_should_say_during_a_hold_passes(sentence: str) -> None:
    assert unsafe_advice(sentence, flag="heart_or_breath", on_hold=True) is None


@pytest.mark.parametrize("code", [flag.code for flag in load_flags()])
def test_what_the_screen_says_passes(code: str) -> None:
    says = next(flag.says for flag in load_flags() if flag.code == code)
    assert [s for s in says.split(". ") if unsafe_advice(s, flag=code, on_hold=True)] == []


def test_an_all_clear_after_a_sign_is_none() -> None:
    assert unsafe_advice("That is nothing to worry about.", said="my shin hurts at night")
    assert not unsafe_advice("That is nothing to worry about.", said="I missed a run")
