"""The commands `runplan user`: what is held of a runner, taken out, brought in or deleted."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from storage.database import Database

user_app = typer.Typer(
    no_args_is_help=True, help="Export, import and delete everything that is held of a runner."
)

Runner = Annotated[str, typer.Argument(metavar="USER", help="The runner's id.")]
POSTGRESQL = (
    "PostgreSQL frees the rows' pages at its next VACUUM (`VACUUM FULL` writes the files anew), "
    "and backups and its write-ahead log keep them until they expire"
)


@user_app.command("export")
def user_export(
    user: Runner,
    to: Annotated[
        str | None, typer.Option(metavar="FILE", help="A new JSON file; - prints it.")
    ] = None,
    csv: Annotated[
        Path | None, typer.Option(metavar="FOLDER", help="A new folder for CSV tables.")
    ] = None,
) -> None:
    """Write a runner's passport: one JSON document that imports again, CSV tables, or both."""
    from assistant.errors import OptionInvalid
    from assistant.passports import export_passport, write_file, write_tables
    from storage.passports import render_passport

    if to is None and csv is None:
        raise OptionInvalid("say where to: --to FILE.json, --csv FOLDER, or both")
    database = _open()
    passport = export_passport(database, user)
    database.close()
    if to == "-":
        typer.echo(render_passport(passport), nl=False)
    elif to is not None:
        write_file(Path(to), render_passport(passport))
    if csv is not None:
        write_tables(csv, passport)
    rows = sum(map(len, passport["tables"].values()))
    typer.echo(f"{user}: {rows} rows of {len(passport['tables'])} tables", err=to == "-")


@user_app.command("import")
def user_import(
    file: Annotated[Path, typer.Argument(help="A passport (JSON).")],
) -> None:
    """Store a passport's runner, who must not be there yet; all of it or nothing."""
    from assistant.bootstrap import clock
    from assistant.passports import read_file
    from storage.passports import parse_passport, store_passport

    passport = parse_passport(read_file(file))
    database = _open()
    user = store_passport(database, passport, now=clock())
    database.close()
    typer.echo(f"{user} was imported")


@user_app.command("delete")
def user_delete(
    user: Runner,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """Delete everything that is held of a runner. There is no way back but an exported passport."""
    from assistant.passports import export_passport
    from assistant.sweeping import NOT_WIPED
    from storage.erasing import erase_user

    database = _open()
    if not yes:
        export_passport(database, user)  # who is not there is not asked about
        typer.confirm(f"Delete everything that is held of {user!r}?", abort=True)
    erased = erase_user(database, user)
    database.close()
    rows = ", ".join(f"{count} {name}" for name, count in erased.rows.items())
    typer.echo(f"{user} was deleted: {rows}")
    if not database.is_sqlite:
        typer.echo(POSTGRESQL, err=True)
    elif not erased.wiped:
        typer.echo(NOT_WIPED, err=True)


def _open() -> "Database":
    from assistant.bootstrap import build_database
    from assistant.settings import load_settings

    return build_database(load_settings())
