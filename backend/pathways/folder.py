"""Reads packs from a folder of YAML files, so that a locality adds a pathway by dropping a file in it."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import yaml

from backend.pathways.pack import BadPackError, Pack
from backend.pathways.pack_reader import read_pack

# Safe both: libyaml's parser reads the packs in a tenth of the time, where PyYAML was built with it.
LOADER = yaml.CSafeLoader if yaml.__with_libyaml__ else yaml.SafeLoader


def read_folder(folder: Path) -> list[tuple[Pack, dict[str, Any]]]:
    """Every pack in a folder, in name order, with its body as written. Raises BadPackError."""
    packs = []
    load: Callable[..., Any] = yaml.load
    for path in sorted(folder.glob("*.yaml")):
        try:
            body = load(path.read_text(encoding="utf-8"), Loader=LOADER)
        except yaml.YAMLError as error:
            raise BadPackError(path.name, [f"this is not YAML: {error}"]) from None
        packs.append((read_pack(body, path.name), body))
    return packs
