"""The first minute of a runner on the page, and what each kind of runner sees."""

from collections.abc import Callable

import pytest
from browsing import House, Visit
from playwright.sync_api import expect

Open = Callable[..., Visit]
MOVE = "Can we move Thursday's tempo to Friday?"


def test_the_first_minute_from_the_prompt_to_a_reload(house: House, window: Open) -> None:
    runner = house.runner()
    visit = window(house.url).open(runner)
    expect(visit.page.get_by_role("heading", name="What did you run?")).to_be_visible()
    expect(visit.top_prompt).to_have_text("Track my training")

    visit.top_prompt.click()
    asked = visit.answered(0)
    expect(asked.locator(".said")).to_contain_text("Track my training")
    expect(asked.locator(".reply")).to_contain_text("Your half marathon is on Monday, May 18")

    why = visit.say("Why is Thursday a tempo?")
    expect(why.get_by_role("region", name="Tempo 3 x 8 min")).to_be_visible()

    logged = visit.say("Ran 7 km in 41 minutes, rpe 4, felt heavy at first")
    card = logged.get_by_role("region", name="Run logged as completed")
    expect(card).to_contain_text("40 min easy · Tue, Feb 10")
    expect(card.get_by_role("img", name="Adherence 100 of 100")).to_be_visible()
    expect(visit.plan.locator(".row[aria-current=date]")).to_contain_text("done")

    changed = visit.say(MOVE)
    card = changed.get_by_role("region", name="Plan changed")
    expect(card.locator(".diff li").first).to_have_text(
        "Thu, Feb 12Tempo 3 x 8 min→ becomes Fri, Feb 13Tempo 3 x 8 min"
    )
    expect(card.locator(".receipt summary")).to_contain_text("limits checked, all hold")
    expect(visit.plan.locator(".week li").nth(4)).to_contain_text("Tempo 3 x 8 min")

    card.get_by_role("button", name="Undo").click()
    undone = visit.answered(4)
    expect(undone.locator(".reply")).to_contain_text("taken back")
    expect(visit.plan.locator(".week li").nth(3)).to_contain_text("Tempo 3 x 8 min")
    expect(card.get_by_role("button", name="Undo")).to_be_hidden()
    expect(visit.plan.locator(".changes > li")).to_have_count(2)

    before = visit.page.locator("#log").inner_text()
    visit.page.reload()
    visit.ready()
    expect(visit.turns).to_have_count(5)
    expect(visit.plan.locator(".changes > li")).to_have_count(2)
    assert visit.page.locator("#log").inner_text() == before


@pytest.mark.parametrize(
    ("like", "prompt", "told"),
    [
        ("demo", True, "Half marathon"),
        ("noplan", True, "No plan yet"),
        ("inactive", False, "No plan in your subscription"),
        ("active_not_entitled", False, "No plan in your subscription"),
    ],
)
def test_each_demo_runner_sees_the_prompt_exactly_where_it_holds(
    house: House, window: Open, like: str, prompt: bool, told: str
) -> None:
    visit = window(house.url).open(house.runner(like))
    expect(visit.plan.get_by_role("heading", level=2)).to_have_text(told)
    expect(visit.top_prompt).to_be_visible(visible=prompt)
    visit.say("How do I breathe when I run?")
    expect(visit.top_prompt).to_be_visible(visible=prompt)


def test_the_runner_is_chosen_from_the_list(house: House, window: Open) -> None:
    visit = window(house.url).open()
    expect(visit.page.get_by_label("Runner")).to_have_value("demo")
    visit.page.get_by_label("Runner").select_option("noplan")
    expect(visit.plan.get_by_role("heading", level=2)).to_have_text("No plan yet")
    visit.page.reload()
    visit.ready()
    expect(visit.page.get_by_label("Runner")).to_have_value("noplan")


def test_a_runner_who_is_not_there_is_named_and_left(house: House, window: Open) -> None:
    visit = window(house.url, expects=("404",)).open("nobody", ready=False)
    expect(visit.page.get_by_role("heading", name="There is no runner “nobody”")).to_be_visible()
    visit.page.get_by_role("button", name="Open the demo runner").click()
    visit.ready()
    expect(visit.page.get_by_label("Runner")).to_have_value("demo")


def test_a_double_click_on_send_says_it_once(house: House, window: Open) -> None:
    runner = house.runner()
    visit = window(house.url).open(runner)
    visit.message.fill("Ran 7 km in 41 minutes, rpe 4")
    visit.page.get_by_role("button", name="Send").dblclick()
    visit.answered(0)
    expect(visit.turns).to_have_count(1)
    assert house.rows("SELECT count(*) FROM turn WHERE user_id = :id", id=runner) == [(1,)]


def test_undo_pressed_twice_and_in_two_tabs_takes_back_one_change(
    house: House, window: Open
) -> None:
    runner = house.runner()
    one = window(house.url).open(runner)
    one.say("Can we move Sunday's long run to Saturday?")
    one.say(MOVE)
    two = window(house.url).open(runner)
    for visit in (one, two):
        expect(visit.plan.locator(".changes > li")).to_have_count(2)
    one.page.get_by_role("button", name="Undo").first.dblclick()
    one.answered(2)
    two.turns.last.get_by_role("button", name="Undo").click()
    two.answered(2)
    kinds = house.rows(
        "SELECT kind, undone_by IS NOT NULL FROM adaptation_log WHERE user_id = :id"
        " ORDER BY plan_version",
        id=runner,
    )
    assert kinds == [("move", 0), ("move", 1), ("undo", 0)]


def test_a_proposal_is_taken_by_its_button(house: House, window: Open) -> None:
    visit = window(house.url).open(house.runner())
    asked = visit.say("I want to train for a full marathon instead, on 2026-06-21")
    card = asked.get_by_role("region", name="Shall I do this?")
    expect(card.locator(".diff li")).to_have_count(5)
    more = card.get_by_role("button", name="Show all")
    whole = int(more.inner_text().removeprefix("Show all "))
    more.click()
    expect(card.locator(".diff li")).to_have_count(whole)
    assert whole > 50
    card.get_by_role("button", name="Yes, do it").click()
    visit.answered(1)
    expect(visit.plan.get_by_role("heading", level=2)).to_have_text("Marathon")
    expect(card.get_by_role("button", name="Yes, do it")).to_be_hidden()


def test_a_proposal_is_declined_by_its_button(house: House, window: Open) -> None:
    visit = window(house.url).open(house.runner())
    asked = visit.say("I want to train for a full marathon instead, on 2026-06-21")
    asked.get_by_role("button", name="No", exact=True).click()
    expect(visit.answered(1).locator(".reply")).to_contain_text("nothing was changed")
    expect(visit.plan.get_by_role("heading", level=2)).to_have_text("Half marathon")


def test_an_option_is_taken_by_its_button(house: House, window: Open) -> None:
    visit = window(house.url).open(house.runner())
    asked = visit.say("What if I skip Sunday?")
    card = asked.get_by_role("region", name="Choose one")
    second = card.locator(".option").nth(1).locator(".summary").inner_text()
    card.get_by_role("button", name="Take option 2").click()
    taken = visit.answered(1)
    expect(taken.get_by_role("region", name="Plan changed")).to_contain_text(second)


def test_a_proposal_made_for_an_older_plan_is_not_carried_out(house: House, window: Open) -> None:
    runner = house.runner()
    one = window(house.url).open(runner)
    asked = one.say("I want to train for a full marathon instead, on 2026-06-21")
    two = window(house.url).open(runner)
    two.page.evaluate("() => sessionStorage.clear()")
    _in_another_conversation(house, two, runner)
    asked.get_by_role("button", name="Yes, do it").click()
    told = one.answered(1)
    expect(told.locator(".reply")).to_contain_text("changed")
    expect(one.plan.get_by_role("heading", level=2)).to_have_text("Half marathon")
    goal = house.rows("SELECT goal_distance, version FROM plan WHERE user_id = :id", id=runner)
    assert goal == [("half", 2)]


def _in_another_conversation(house: House, visit: Visit, runner: str) -> None:
    """Move a workout as an integration would: in a conversation of its own."""
    answer = visit.page.request.post(
        f"{house.url}/chat",
        data={"message": MOVE, "conversation_id": f"conv_{runner[-8:]}"},
        headers={"X-Runplan-User": runner},
    )
    assert answer.json()["actions"][0]["result"]["applied"] is True


def test_a_safety_hold_stands_in_the_chat_and_beside_it(house: House, window: Open) -> None:
    visit = window(house.url).open(house.runner())
    told = visit.say("I have chest pain when I run")
    for place in (told, visit.plan):
        expect(place.get_by_role("region", name="Your training is on hold")).to_be_visible()


def test_a_dropped_file_is_refused_with_a_word(house: House, window: Open) -> None:
    visit = window(house.url).open(house.runner())
    visit.page.evaluate(
        """() => {
            const carried = new DataTransfer();
            carried.items.add(new File(["x"], "run.fit"));
            for (const type of ["dragover", "drop"]) {
                const options = { dataTransfer: carried, bubbles: true, cancelable: true };
                window.dispatchEvent(new DragEvent(type, options));
            }
        }"""
    )
    expect(visit.page.get_by_role("status")).to_contain_text("Files can’t be taken yet")
    expect(visit.turns).to_have_count(0)
