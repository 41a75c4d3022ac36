"""The database's history, additive step by step, run by its owner role and by nobody else."""

from pathlib import Path

from alembic import command
from alembic.config import Config as AlembicConfig


def upgrade(url: str, revision: str = "head") -> None:
    """Bring the database at `url` (the owner's) to `revision`; running it twice does no harm."""
    config = AlembicConfig()
    config.set_main_option("script_location", str(Path(__file__).parent))
    config.attributes["url"] = url
    command.upgrade(config, revision)
