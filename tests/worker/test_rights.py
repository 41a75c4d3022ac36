"""Every job runs with the rights of the worker's own role: a job that may not is found here and not at night."""

from pathlib import Path

import pytest

from backend import plugs
from backend.core.config import Config
from backend.core.db import database_app, db
from backend.core.job import Job
from tests.conftest import Database

JOBS: list[Job] = [job for module in plugs.slices("jobs") for job in module.JOBS]


@pytest.mark.parametrize("job", JOBS, ids=[job.name for job in JOBS])
def test_the_worker_may_do_what_each_of_its_jobs_does(
    job: Job, flow_database: Database, tmp_path: Path
) -> None:
    config = Config(
        **{**vars(flow_database.config(tmp_path)), "database_url": flow_database.url("al_worker")}
    )
    app = database_app(config, pool_size=1, name="alongside-worker")
    with app.app_context():
        job.run()
        db.engine.dispose()
