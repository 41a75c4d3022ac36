"""The web process: configuration, database, every slice that has an API, the built pages, and its health."""

import gc
from typing import TYPE_CHECKING, Any

from flask import Flask
from flask_smorest import Api
from marshmallow import Schema, fields
from sqlalchemy import text
from werkzeug.middleware.proxy_fix import ProxyFix

from backend import plugs
from backend.access import sessions
from backend.audit import service as audit
from backend.core.answers import log_to_stderr, register_answers
from backend.core.api_page import register_api_page
from backend.core.config import Config
from backend.core.db import configure_database, db, plain_dsn
from backend.core.http import Actor, Answer, register_sessions
from backend.core.live import Hub, hub, register_hub
from backend.core.pages import register_pages
from backend.core.pressing import register_pressing
from backend.core.routes import ProblemSchema, Routes

API_PREFIX = "/api/v1"
# A phone sends little; a larger body is a mistake or an attack.
LARGEST_BODY = 1024 * 1024
# Threads are many because each open stream holds one; connections are few because a stream holds none, and because a
# hundred phones that begin at once are all served sooner when few of their requests are worked on at a time.
POOL_SIZE = 8
DESCRIPTION = (
    "One person's readings, alerts and team. Every error is application/problem+json. Say whose pages you are"
    " with X-Alongside-Audience: person or team. Times are ISO 8601 in UTC; values are decimal strings."
)

if TYPE_CHECKING:
    wsgi: Flask


class HealthSchema(Schema):
    """Whether this process can do its work; holds nothing about anybody."""

    status = fields.String(required=True, metadata={"description": "ok or unavailable."})
    database = fields.Boolean(required=True, metadata={"description": "The database answers."})
    checks = fields.Dict(required=True, metadata={"description": "Each part by name."})


def create_app(config: Config) -> Flask:
    """Make the web application; nothing is started and no connection is opened until the first request."""
    app = Flask("backend", static_folder=None)
    app.config["DEMO"] = config.demo
    app.config["PUBLIC_URL"] = config.public_url
    app.config["MQTT_CONTROL_URL"] = config.mqtt_control_url
    app.config["DEVICE_HOST"], app.config["DEVICE_PORT"] = config.device_host, config.device_port
    app.config["DEVICE_CA"] = config.device_ca
    app.config["OUTBOX_KEY"] = config.outbox_key
    app.config["MAX_CONTENT_LENGTH"] = LARGEST_BODY
    app.json.sort_keys = False  # type: ignore[attr-defined]  # Flask's default provider has it
    if config.proxies:
        # Tries are counted by address: behind a proxy all of them would be one.
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign]  # Flask's documented way
            app.wsgi_app, x_for=config.proxies, x_proto=0
        )
    configure_database(app, config, pool_size=POOL_SIZE, overflow=0, name="alongside-app")
    register_sessions(app, sessions.resolve, _refused)
    register_hub(app, Hub(plain_dsn(config.database_url)))
    api = _register_api(app)
    register_api_page(app, api.spec.to_dict)
    register_pages(app, config.pwa_dist)
    # After an answer, what was registered last comes first: pressed before its headers and its line of log are made.
    register_answers(app)
    register_pressing(app)
    return app


def _register_api(app: Flask) -> Any:
    app.config["API_TITLE"] = "Alongside API"
    app.config["API_VERSION"] = "v1"
    app.config["OPENAPI_VERSION"] = "3.0.3"
    app.config["OPENAPI_URL_PREFIX"] = "/api"
    app.config["OPENAPI_JSON_PATH"] = "openapi.json"
    app.config["API_SPEC_OPTIONS"] = {"info": {"description": DESCRIPTION}}
    api = Api()
    api.ERROR_SCHEMA = ProblemSchema
    api.init_app(app)
    for module in plugs.slices("api"):
        blp = module.blp
        assert isinstance(blp, Routes)
        api.register_blueprint(blp.blueprint, url_prefix=API_PREFIX)
        # What is not for pages stands outside of the API's address.
        at_root = getattr(module, "root_blp", None)
        if at_root is not None:
            api.register_blueprint(at_root.blueprint)
    api.register_blueprint(health.blueprint)
    return api


def _refused(actor: Actor, route: str) -> None:
    audit.record_refusal(actor, "open-page", "route", route, detail={"rule": "wrong-audience"})


# As the worker's watch wrote it last: which are late, and after how many milliseconds each was seen at a desk.
_CANARIES = text("select detail || jsonb_build_object('at', at) from heartbeat where name = 'canary-watch'")
health = Routes("health", "Whether this process can do its work.")


@health.get("/health", audience="nobody", answers=HealthSchema)
def read_health() -> Answer:
    """Say whether the database answers, the live line stands, and how the canaries were last seen."""
    canaries: Any = None
    try:
        canaries = db.session.execute(_CANARIES).scalar_one_or_none()
        database = True
    except Exception:
        # Whatever it was, the answer is the same: this process cannot work now.
        db.session.rollback()
        database = False
    live = hub()
    body = {
        "status": "ok" if database else "unavailable",
        "database": database,
        "checks": {
            "live": live.listening or not live.streams(),
            "streams": live.streams(),
            "canaries": canaries,
        },
    }
    return Answer(body, 200 if database else 503)


def __getattr__(name: str) -> Flask:
    """Make `wsgi` when a server asks for it, so that importing this file needs no environment."""
    if name != "wsgi":
        raise AttributeError(name)
    log_to_stderr()
    app = create_app(Config.from_environ())
    # What was loaded stays for good: looked through with every full collection, it held a request up for 150 ms.
    gc.collect()
    gc.freeze()
    globals()["wsgi"] = app
    return app
