"""The phone's types are made from the API's description: neither may change without the other."""

import json
import subprocess
from pathlib import Path

from flask import Flask

PWA = Path(__file__).parents[2] / "pwa"


def test_the_phones_types_are_those_of_the_api(app: Flask, tmp_path: Path) -> None:
    description = tmp_path / "openapi.json"
    description.write_text(
        json.dumps(app.test_client().get("/api/openapi.json").get_json()), encoding="utf-8"
    )
    made = tmp_path / "types.gen.ts"
    maker = PWA / "node_modules/.bin/openapi-typescript"
    subprocess.run([str(maker), str(description), "-o", str(made)], check=True, capture_output=True)
    kept = (PWA / "src/core/types.gen.ts").read_text(encoding="utf-8")
    assert made.read_text(encoding="utf-8") == kept, "run `npm run types` in pwa/ and commit types.gen.ts"
