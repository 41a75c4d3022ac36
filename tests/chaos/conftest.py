"""One arena for the tests of this folder: each leaves it running and empties nothing."""

from collections.abc import Iterator

import pytest

from tests.chaos.arena import Arena


@pytest.fixture(scope="module")
def arena() -> Iterator[Arena]:
    """Database, broker and a gateway that the test starts."""
    made = Arena()
    yield made
    made.close()
