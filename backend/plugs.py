"""Finds plugs: one file dropped in a folder is a rule, a channel, a decoder, with no list to edit."""

import importlib
import importlib.util
import pkgutil
from collections.abc import Iterator
from types import ModuleType


def discover(package: str) -> dict[str, ModuleType]:
    """Import every sibling module of `package` once; returns name -> module, in name order.

    A module may call itself something else by a NAME attribute; two with one name are refused
    with ValueError, because which of them ran would depend on the order of a folder.
    """
    parent = importlib.import_module(package)
    found: dict[str, ModuleType] = {}
    for info in sorted(pkgutil.iter_modules(parent.__path__), key=lambda i: i.name):
        module = importlib.import_module(f"{package}.{info.name}")
        name = str(getattr(module, "NAME", info.name))
        if name in found:
            raise ValueError(f"two plugs in {package} call themselves {name!r}")
        found[name] = module
    return found


def slices(part: str) -> Iterator[ModuleType]:
    """The module `part` ("models", "api", "jobs") of every slice of the backend that has one, in name order.

    This is how a slice registers itself: by having the file. Nothing above keeps a list of slices.
    """
    backend = importlib.import_module("backend")
    for info in sorted(pkgutil.iter_modules(backend.__path__), key=lambda i: i.name):
        if info.ispkg and importlib.util.find_spec(f"backend.{info.name}.{part}") is not None:
            yield importlib.import_module(f"backend.{info.name}.{part}")
