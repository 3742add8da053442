"""Running migrations, apart because Alembic takes long to import."""

from pathlib import Path

from alembic import command
from alembic.config import Config

from storage.database import Database


def config_for(database: Database) -> Config:
    """Return Alembic's configuration for this store."""
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent))
    config.attributes["engine"] = database.engine
    return config


def upgrade(database: Database) -> None:
    """Bring the schema to HEAD."""
    command.upgrade(config_for(database), "head")
