"""Writes the API's description to a file, so that the phone's types can be made from it (`npm run types`)."""

import json
import sys
from pathlib import Path

from backend.app import create_app
from backend.core.config import Config


def main() -> None:
    """Write openapi.json where the first argument says; no database is asked."""
    told = {"DATABASE_URL": "postgresql+psycopg://nobody@localhost/none"}
    document = create_app(Config.from_environ(told)).test_client().get("/api/openapi.json").get_json()
    Path(sys.argv[1]).write_text(json.dumps(document), encoding="utf-8")


if __name__ == "__main__":
    main()
