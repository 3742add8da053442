"""Integrations, their secrets over time, and whom they may speak for."""

import datetime as dt

import pytest
import sqlalchemy as sa

from storage.database import Database
from storage.errors import (
    IntegrationExists,
    IntegrationInvalid,
    IntegrationNotFound,
    UserNotFound,
)
from storage.integrations import (
    add_integration,
    find_secrets,
    is_linked,
    link_user,
    list_integrations,
    remove_integration,
    rotate_secret,
    unlink_user,
)

NOW = dt.datetime(2026, 2, 10, 8, tzinfo=dt.UTC)
HOUR = dt.timedelta(hours=1)


@pytest.fixture
def acme(demo: Database) -> Database:
    """A store with one integration that is linked to one runner."""
    with demo.write_common() as session:
        add_integration(session, "acme", "first", now=NOW)
        assert link_user(session, "acme", "demo", now=NOW)
    return demo


def good(database: Database, now: dt.datetime) -> list[str]:
    with database.read() as session:
        return [value for _, value in find_secrets(session, now=now)]


def test_a_rotated_secret_is_good_until_its_end(acme: Database) -> None:
    with acme.write_common() as session:
        rotate_secret(session, "acme", "second", keep=HOUR, now=NOW)
    assert good(acme, NOW + HOUR * 0.99) == ["first", "second"]
    assert good(acme, NOW + HOUR) == ["second"]


def test_a_later_rotation_does_not_give_an_old_secret_more_time(acme: Database) -> None:
    with acme.write_common() as session:
        rotate_secret(session, "acme", "second", keep=HOUR, now=NOW)
        rotate_secret(session, "acme", "third", keep=24 * HOUR, now=NOW)
    assert good(acme, NOW + HOUR * 2) == ["second", "third"]


def test_a_rotation_without_a_window_ends_all_others_and_forgets_them(acme: Database) -> None:
    with acme.write_common() as session:
        rotate_secret(session, "acme", "second", keep=dt.timedelta(0), now=NOW)
    assert good(acme, NOW) == ["second"]
    with acme.read() as session:
        kept = session.connection().scalar(sa.text("SELECT secrets FROM integration"))
    assert "first" not in kept


def test_a_link_is_made_and_taken_once(acme: Database) -> None:
    with acme.write_common() as session:
        assert not link_user(session, "acme", "demo", now=NOW)
        assert is_linked(session, "acme", "demo")
        assert not is_linked(session, "acme", "noplan")
        assert not is_linked(session, "other", "demo")
        assert unlink_user(session, "acme", "demo")
        assert not unlink_user(session, "acme", "demo")
        assert not is_linked(session, "acme", "demo")


def test_what_is_listed_holds_no_secret(acme: Database) -> None:
    with acme.write_common() as session:
        rotate_secret(session, "acme", "second", keep=HOUR, now=NOW)
        add_integration(session, "zeta", "other", now=NOW)
        acme_row, zeta = list_integrations(session, now=NOW)
    assert (acme_row.id, acme_row.users, acme_row.expiries) == ("acme", 1, (NOW + HOUR, None))
    assert (zeta.id, zeta.users) == ("zeta", 0)
    assert "first" not in repr(acme_row)


def test_links_end_with_their_integration_and_with_their_user(acme: Database) -> None:
    with acme.write_common() as session:
        link_user(session, "acme", "noplan", now=NOW)
        session.connection().execute(sa.text("DELETE FROM user_profile WHERE id = 'noplan'"))
        assert not is_linked(session, "acme", "noplan")
        remove_integration(session, "acme")
        assert not is_linked(session, "acme", "demo")
    assert good(acme, NOW) == []


@pytest.mark.parametrize("name", ["", "A", "a b", "x" * 41, "-a", "a\n", "é"])
def test_a_name_that_no_integration_can_have_is_refused(database: Database, name: str) -> None:
    with pytest.raises(IntegrationInvalid), database.write_common() as session:
        add_integration(session, name, "s", now=NOW)


def test_what_is_not_there_is_said(acme: Database) -> None:
    with acme.write_common() as session:
        with pytest.raises(IntegrationExists, match="'acme'"):
            add_integration(session, "acme", "s", now=NOW)
        with pytest.raises(UserNotFound, match="'nobody'"):
            link_user(session, "acme", "nobody", now=NOW)
        for change in (
            lambda: link_user(session, "other", "demo", now=NOW),
            lambda: unlink_user(session, "other", "demo"),
            lambda: remove_integration(session, "other"),
            lambda: rotate_secret(session, "other", "s", keep=HOUR, now=NOW),
        ):
            with pytest.raises(IntegrationNotFound, match="'other'"):
                change()
