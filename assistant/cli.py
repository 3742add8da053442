"""The command `runplan`: thin ways in, each importing what it needs when it runs."""

import datetime as dt
import math
import signal
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from assistant.scenarios.commands import scenario_app
from assistant.user_commands import Runner, user_app

if TYPE_CHECKING:
    from assistant.settings import Settings
    from storage.database import Database

app = typer.Typer(
    name="runplan",
    help="A self-hosted conversational running coach: the model talks, the engine decides.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
    rich_markup_mode=None,  # rich takes longer to import than all else that --help needs
)
plan_app = typer.Typer(no_args_is_help=True, help="Show, import and export plans.")
rules_app = typer.Typer(no_args_is_help=True, help="Look after an installation's own rules.")
db_app = typer.Typer(no_args_is_help=True, help="Look after the store.")
integration_app = typer.Typer(
    no_args_is_help=True, help="Look after the products that may speak for runners."
)
app.add_typer(plan_app, name="plan")
app.add_typer(db_app, name="db")
app.add_typer(rules_app, name="rules")
app.add_typer(integration_app, name="integration")
app.add_typer(user_app, name="user")
app.add_typer(scenario_app, name="scenario")

User = Annotated[str, typer.Option("--user", help="The runner's id.")]
Today = Annotated[
    str | None, typer.Option("--today", metavar="DATE", help="Pin the date, as YYYY-MM-DD.")
]
Integration = Annotated[str, typer.Argument(metavar="NAME", help="The integration's name.")]
LOOPBACK = ("127.0.0.1", "::1", "localhost")


def main() -> None:
    """Run the command; every expected fault is one line on standard error and a non-zero exit."""
    from assistant.errors import AssistantError
    from storage.errors import StorageError
    from training.errors import TrainingError

    try:
        app()
    except (AssistantError, StorageError, TrainingError) as error:
        typer.echo(f"runplan: {error}", err=True)
        sys.exit(1)


@app.callback()
def _begin() -> None:
    from assistant.logs import configure_logs

    configure_logs()


@app.command()
def chat(
    user: User = "demo",
    today: Today = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one reply object a line.")] = False,
) -> None:
    """Talk to the coach as a runner; piped, it reads one message a line."""
    from functools import partial

    import anyio

    from assistant.bootstrap import build_coach, build_named_model
    from assistant.repl import ReplOptions, run_repl

    settings = _settings(today)
    database = _open(settings)
    options = ReplOptions(
        user_id=user,
        today=settings.today,
        json=as_json,
        models=partial(build_named_model, settings),
    )

    async def talk() -> int:
        coach = build_coach(settings, database)
        try:
            return await run_repl(coach, database, options)
        finally:
            await coach.close()

    try:
        code = anyio.run(talk)
    finally:
        database.close()
    raise typer.Exit(code)


@app.command()
def serve(
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=1, max=65535, help="Port to listen on.")] = 8000,
    today: Today = None,
) -> None:
    """Serve POST /chat. Where RUNPLAN_AUTH has dev mode, it listens on loopback only."""
    import uvicorn

    from assistant.bootstrap import build_database
    from assistant.errors import SettingsInvalid
    from assistant.logs import configure_logs
    from assistant.web.app import build_app

    settings = _settings(today)
    configure_logs(settings.log_level)
    if "dev" in settings.auth and host not in LOOPBACK:
        raise SettingsInvalid(
            f"dev mode has no authentication, so it listens on loopback only, not on {host!r}; "
            "set RUNPLAN_AUTH to jwt or webhook"
        )
    database = build_database(settings, must_fit=False)
    if settings.embedded:
        typer.echo(EMBEDDED_LINE, err=True)
    # uvicorn drains, then passes the signal on: this ends the process with what runs at its exit
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    uvicorn.run(
        build_app(settings, database),
        host=host,
        port=port,
        log_level="warning",
        forwarded_allow_ips=settings.trusted_proxies,
        server_header=False,
        timeout_graceful_shutdown=math.ceil(settings.drain_s),
    )


@app.command("serve-model")
def serve_model(
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=1, max=65535, help="Port to listen on.")] = 8001,
) -> None:
    """Serve the embedded model as an OpenAI-compatible endpoint (rules, no language model)."""
    import uvicorn

    from assistant.embedded.app import build_app

    uvicorn.run(build_app(), host=host, port=port, log_level="warning")


@app.command()
def probe(
    url: Annotated[str, typer.Argument(help="The endpoint's base URL, mostly ending in /v1.")],
    model: Annotated[str | None, typer.Option(help="Its model; RUNPLAN_MODEL by default.")] = None,
    timeout_s: Annotated[float, typer.Option(min=1, max=600, help="Seconds for one answer.")] = 60,
) -> None:
    """Try an OpenAI-compatible endpoint, and say which settings are safe with it.

    The key is taken from OPENAI_API_KEY. About a dozen questions are asked, none about a runner.
    """
    import anyio
    from rich.console import Console

    from assistant.bootstrap import build_probe
    from assistant.probing import report

    settings = _settings(None)
    trial = build_probe(settings, url, model or settings.model, timeout_s=timeout_s)

    async def attempt() -> bool:
        async with trial.client:
            return await report(trial, Console())

    if not anyio.run(attempt):
        raise typer.Exit(1)


@app.command()
def demo(
    quiet: Annotated[bool, typer.Option("--quiet", help="Print nothing.")] = False,
) -> None:
    """Load the demo runners; those that are there already stay as they are."""
    from assistant.bootstrap import clock
    from assistant.demo import load_demo

    database = _open(_settings(None))
    loaded = load_demo(database, clock())
    database.close()
    if not quiet:
        typer.echo(
            f"loaded {', '.join(loaded)}" if loaded else "the demo runners are there already"
        )


@plan_app.command("show")
def plan_show(user: User = "demo", today: Today = None) -> None:
    """Print a runner's plan, a line a week, and its next workouts."""
    from assistant.bootstrap import clock
    from storage.agenda import find_overview
    from storage.plans import load_plan

    settings = _settings(today)
    database = _open(settings)
    with database.read() as session:
        plan = load_plan(session, user)
        overview = find_overview(session, user, settings.today or clock().date())
    database.close()
    typer.echo(
        f"{plan.id}: {plan.goal_distance} on {plan.goal_date}, {plan.kind}, version {plan.version}"
    )
    for week in plan.weeks:
        runs = ", ".join(w.name for w in week.workouts if w.type != "rest" or w.marker is not None)
        typer.echo(
            f"{week.week_start_date}  {week.phase:<6}{week.target_volume_km:6.1f} km  {runs}"
        )
    assert overview is not None
    for day in overview.next_workouts:
        typer.echo(f"next: {day.date:%A} {day.date}  {day.name}  {day.effort or ''}".rstrip())


@plan_app.command("import")
def plan_import(
    file: Annotated[Path, typer.Argument(help="A plan file (JSON).")],
) -> None:
    """Store a plan file's runner, where unknown, and its plan as the current one."""
    from assistant.bootstrap import clock
    from assistant.plan_files import read_plan_file, store_plan_file

    content = read_plan_file(file)
    database = _open(_settings(None))
    plan = store_plan_file(database, content, now=clock())
    database.close()
    stored = "no plan" if plan is None else f"plan {plan.id} with {len(plan.weeks)} weeks"
    typer.echo(f"{content.user.id}: {stored}")


@plan_app.command("export")
def plan_export(user: User = "demo") -> None:
    """Print a runner's plan as a file that imports again."""
    from assistant.plan_files import export_plan_file

    database = _open(_settings(None))
    typer.echo(export_plan_file(database, user), nl=False)
    database.close()


@rules_app.command("check")
def rules_check(
    file: Annotated[Path, typer.Argument(help="A rules file (TOML).")],
) -> None:
    """Say whether a rules file can be used: its numbers, and a plan of each kind built by them."""
    from assistant.rules_file import check_rules

    changed = check_rules(file)
    typer.echo(f"{file} can be used: it changes {changed} of the rules' numbers or tables")


@app.command("simulate")
def simulate_plans(
    runners: Annotated[str, typer.Option(metavar="N", help="How many runners.")] = "120",
    seed: Annotated[str, typer.Option(metavar="S", help="The same seed, the same output.")] = "1",
    weeks: Annotated[str, typer.Option(help="Length of the plans: 12, or 8-16.")] = "8-16",
    behaviour: Annotated[
        list[str] | None, typer.Option(help="Only this behaviour; may be given again.")
    ] = None,
    csv: Annotated[Path | None, typer.Option(help="Write a line a runner to this file.")] = None,
    chart: Annotated[Path | None, typer.Option(help="Draw to this .png or .svg file.")] = None,
    workers: Annotated[
        str | None, typer.Option(metavar="N", help="Processes; one a core by default.")
    ] = None,
) -> None:
    """Run whole plans day by day for made-up runners, and hold every change to the limits."""
    from rich.console import Console

    from assistant import simulating
    from assistant.bootstrap import use_rules

    whole = simulating.parse_whole
    options = simulating.Options(
        runners=whole("--runners", 1, simulating.MOST_RUNNERS)(runners),
        seed=whole("--seed", 0, 2**63 - 1)(seed),
        weeks=simulating.parse_weeks(weeks),
        behaviours=simulating.parse_behaviours(behaviour or ()),
        csv_file=csv,
        chart_file=chart,
        workers=None if workers is None else whole("--workers", 1, 64)(workers),
    )
    use_rules(_settings(None))
    console = Console() if sys.stdout.isatty() else Console(width=120)
    if not simulating.run_simulation(options, console, Console(stderr=True)):
        raise typer.Exit(1)


@db_app.command("upgrade")
def db_upgrade() -> None:
    """Bring the store's schema to this program's; several processes may do it at once."""
    from storage.database import Database
    from storage.migrations import HEAD

    database = Database(_settings(None).database_url)
    database.upgrade()
    database.close()
    typer.echo(f"the store is at schema {HEAD}")


@db_app.command("sweep")
def db_sweep() -> None:
    """Purge what was said longer ago than RUNPLAN_KEEP_MESSAGES_DAYS, and traces of what went."""
    from assistant.bootstrap import clock
    from assistant.sweeping import sweep_store

    settings = _settings(None)
    database = _open(settings)
    for line in sweep_store(database, settings.keep_messages_days, now=clock()):
        typer.echo(line)
    database.close()


@integration_app.command("add")
def integration_add(name: Integration) -> None:
    """Let a product sign messages; its secret is shown this once."""
    from assistant.bootstrap import clock
    from assistant.web.signatures import new_secret
    from storage.integrations import add_integration

    secret = new_secret()
    database = _open(_settings(None))
    with database.write_common() as session:
        add_integration(session, name, secret, now=clock())
    database.close()
    typer.echo(secret)


@integration_app.command("remove")
def integration_remove(name: Integration) -> None:
    """Take a product's secrets and links away at once."""
    from storage.integrations import remove_integration

    database = _open(_settings(None))
    with database.write_common() as session:
        remove_integration(session, name)
    database.close()
    typer.echo(f"{name} is removed")


@integration_app.command("rotate")
def integration_rotate(
    name: Integration,
    keep_hours: Annotated[
        float, typer.Option(min=0, max=8760, help="How long the secrets before are still good.")
    ] = 24,
) -> None:
    """Make a new secret and show it this once; `--keep-hours 0` ends the others now."""
    from assistant.bootstrap import clock
    from assistant.web.signatures import new_secret
    from storage.integrations import rotate_secret

    secret = new_secret()
    keep = dt.timedelta(hours=keep_hours)
    database = _open(_settings(None))
    with database.write_common() as session:
        rotate_secret(session, name, secret, keep=keep, now=clock())
    database.close()
    typer.echo(secret)


@integration_app.command("link")
def integration_link(name: Integration, user: Runner) -> None:
    """Let a product speak for a runner who agreed to it."""
    from assistant.bootstrap import clock
    from storage.integrations import link_user

    database = _open(_settings(None))
    with database.write_common() as session:
        new = link_user(session, name, user, now=clock())
    database.close()
    typer.echo(f"{user} is linked to {name}{'' if new else ' already'}")


@integration_app.command("unlink")
def integration_unlink(name: Integration, user: Runner) -> None:
    """Stop a product from speaking for a runner, at once."""
    from storage.integrations import unlink_user

    database = _open(_settings(None))
    with database.write_common() as session:
        was = unlink_user(session, name, user)
    database.close()
    typer.echo(f"{user} is no longer linked to {name}" if was else f"{user} was not linked")


@integration_app.command("list")
def integration_list() -> None:
    """Print each product, its linked runners and how long its secrets are good; no secret."""
    from assistant.bootstrap import clock
    from storage.integrations import list_integrations

    database = _open(_settings(None))
    with database.read() as session:
        known = list_integrations(session, now=clock())
    database.close()
    for each in known:
        ends = ", ".join(
            "good" if end is None else f"good until {end:%Y-%m-%d %H:%M} UTC"
            for end in each.expiries
        )
        typer.echo(f"{each.id}: {each.users} linked; secrets: {ends or 'none'}")


EMBEDDED_LINE = (
    "no model endpoint is set (OPENAI_API_KEY, OPENAI_BASE_URL): "
    "the embedded model answers; it is rules, not a language model"
)


def _settings(today: str | None) -> "Settings":
    from assistant.errors import SettingsInvalid
    from assistant.settings import load_settings

    if today is None:
        return load_settings()
    try:
        return load_settings(today=dt.date.fromisoformat(today))
    except ValueError:
        raise SettingsInvalid(f"--today {today!r} is no date; one looks like 2026-02-10") from None


def _open(settings: "Settings") -> "Database":
    from assistant.bootstrap import build_database

    return build_database(settings)


if __name__ == "__main__":
    main()
