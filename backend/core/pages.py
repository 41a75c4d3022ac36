"""Serves the built pages: the person's, the team's, their hashed assets and the service worker."""

from mimetypes import guess_type
from pathlib import Path

from flask import Flask, Response, abort, request, send_from_directory

from backend.core.http import COOKIES

# Vite puts a hash of its content into the name of everything in this folder, so a copy never goes stale.
HASHED = "assets/"
IMMUTABLE = "public, max-age=31536000, immutable"
NO_CACHE = "no-cache"
# The design system's icons keep their own names, so they are asked for again.
UNHASHED = "assets/images/"
# Best first: what the build leaves beside each text file.
PRESSED = {"br": ".br", "gzip": ".gz"}
# What the first page of somebody signed in asks first (pwa/src/core/opening.ts), on its way before the page can ask.
ASKED_FIRST = ", ".join(
    f"</api/v1/{path}>; rel=preload; as=fetch; crossorigin" for path in ("session", "home")
)


def register_pages(app: Flask, dist: Path) -> None:
    """Route everything that is neither API nor health to the built pages in `dist`."""

    @app.get("/", defaults={"path": ""})
    @app.get("/<path:path>")
    def page(path: str) -> Response:
        """A file of the build, or the page whose own router knows the address."""
        if path.startswith("api/"):
            abort(404)
        if path and "\0" not in path and (dist / path).is_file():
            return _cached(_pressed(dist, path), path)
        if "." in path.rsplit("/", 1)[-1]:
            abort(404)
        entry = "team.html" if path == "team" or path.startswith("team/") else "index.html"
        if not (dist / entry).is_file():
            abort(404)
        response = _cached(_pressed(dist, entry), entry)
        if path == "" and _is_first_visit():
            response.headers["Link"] = ASKED_FIRST
        return response


def _is_first_visit() -> bool:
    """Whether a browser opens the page itself, signed in as a person. Later its service worker opens it from the
    device; and what that keeps, and asks for as no document, must ask nothing by itself: the phone may be locked."""
    return request.headers.get("Sec-Fetch-Dest") == "document" and COOKIES["person"] in request.cookies


def _pressed(dist: Path, path: str) -> Response:
    """The file as the build pressed it (.br, .gz beside it), when this browser can read that."""
    for encoding, ending in PRESSED.items():
        if request.accept_encodings[encoding] and (dist / f"{path}{ending}").is_file():
            response = send_from_directory(dist, f"{path}{ending}", mimetype=guess_type(path)[0])
            response.headers["Content-Encoding"] = encoding
            # It would name the pressed file; a page's own files are not for saving.
            del response.headers["Content-Disposition"]
            break
    else:
        # send_from_directory refuses every path that would leave the folder.
        response = send_from_directory(dist, path)
    response.vary.add("Accept-Encoding")
    return response


def _cached(response: Response, path: str) -> Response:
    hashed = path.startswith(HASHED) and not path.startswith(UNHASHED)
    response.headers["Cache-Control"] = IMMUTABLE if hashed else NO_CACHE
    if path == "sw.js":
        response.headers["Service-Worker-Allowed"] = "/"
    if path.endswith(".webmanifest"):
        response.mimetype = "application/manifest+json"
    response.make_conditional(request)
    return response
