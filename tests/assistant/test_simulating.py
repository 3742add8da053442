"""The command `simulate`: same seed same bytes, files, and one clear line for a bad option."""

import sys
from pathlib import Path

import pytest
from rich.console import Console
from typer.testing import CliRunner

from assistant.cli import app
from assistant.errors import OptionInvalid
from assistant.simulating import (
    Options,
    parse_behaviours,
    parse_weeks,
    parse_whole,
    render_csv,
    run_simulation,
    simulated,
)
from training.simulation import Behaviour


def test_the_command_prints_tables_and_no_violation():
    said = CliRunner().invoke(app, ["simulate", "--runners", "6", "--weeks", "8"])
    assert said.exit_code == 0
    assert "misses-a-third" in said.output
    assert "0 violations" in said.output


def test_the_outcome_does_not_depend_on_the_number_of_workers():
    runners = 31  # enough that more processes than one are started
    one, two = (
        Options(runners, 3, (5, 5), (Behaviour.AS_PLANNED,), workers=workers) for workers in (1, 2)
    )
    assert render_csv(tuple(simulated(one))) == render_csv(tuple(simulated(two)))


@pytest.mark.parametrize("ending", ["png", "svg"])
def test_the_same_seed_writes_the_same_files_byte_for_byte(tmp_path: Path, ending: str):
    written = []
    for name in ("one", "two"):
        table, chart = tmp_path / f"{name}.csv", tmp_path / f"{name}.{ending}"
        with Path(tmp_path / "out").open("w") as out:
            console = Console(file=out, width=120)
            options = Options(2, 3, (8, 8), (Behaviour.GETS_ILL,), table, chart)
            assert run_simulation(options, console, console)
        written.append((table.read_bytes(), chart.read_bytes(), (tmp_path / "out").read_text()))
    assert written[0] == written[1]
    assert written[0][0].count(b"\n") == 3


def test_a_chart_without_the_plotting_library_names_the_extra(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    options = Options(1, 1, (8, 8), (Behaviour.AS_PLANNED,), None, tmp_path / "a.png")
    with pytest.raises(OptionInvalid, match=r"runplan\[charts\]"):
        run_simulation(options, Console(), Console())


def test_files_that_cannot_be_written_are_refused_before_the_work(tmp_path):
    for csv_file, chart_file in (
        (tmp_path / "none" / "a.csv", None),
        (tmp_path, None),
        (None, tmp_path / "a.pdf"),
    ):
        options = Options(1, 1, (8, 8), (Behaviour.AS_PLANNED,), csv_file, chart_file)
        with pytest.raises(OptionInvalid, match="--c"):
            run_simulation(options, Console(), Console())


def test_weeks_are_a_number_or_a_range():
    assert (parse_weeks("12"), parse_weeks("8-20")) == ((12, 12), (8, 20))
    for wrong in ("", "x", "-", "8-", "20-8", "2", "99", "8-9-10"):
        with pytest.raises(OptionInvalid, match="--weeks"):
            parse_weeks(wrong)


def test_behaviours_and_whole_numbers_are_checked():
    assert parse_behaviours(()) == tuple(Behaviour)
    assert parse_behaviours(["gets-ill", "gets-ill"]) == (Behaviour.GETS_ILL,)
    with pytest.raises(OptionInvalid, match="one of as-planned"):
        parse_behaviours(["sleeps"])
    read = parse_whole("--runners", 1, 9)
    assert read("9") == 9
    for wrong in ("0", "10", "x", "1.5"):
        with pytest.raises(OptionInvalid, match="--runners"):
            read(wrong)
