"""The API as a page to read: made from the OpenAPI document, without a script or anything from elsewhere."""

import json
from collections.abc import Callable, Mapping
from typing import Any

from flask import Flask, Response, render_template_string

STYLE = """
body { font: 19px/1.5 Arial, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem;
  color: #212b32; }
details { border: 1px solid #aeb7bd; border-radius: 4px; margin: 0.5rem 0; padding: 0.5rem 1rem; }
summary { cursor: pointer; min-height: 48px; line-height: 48px; }
summary code { font-weight: bold; }
table { border-collapse: collapse; width: 100%; }
th, td { text-align: left; border-bottom: 1px solid #d8dde0; padding: 0.25rem 1rem 0.25rem 0;
  vertical-align: top; }
pre { overflow-x: auto; background: #f0f4f5; padding: 1rem; }
a { color: #005eb8; }
:focus-visible { outline: 3px solid #ffeb3b; background: #ffeb3b; color: #212b32; }
"""

PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{{ spec.info.title }}</title><link rel="stylesheet" href="/api/docs.css"></head><body><main>
<h1>{{ spec.info.title }}</h1><p>{{ spec.info.description }}</p>
<p>For programs: <a href="/api/openapi.json">openapi.json</a></p>
{% for group in groups %}<h2>{{ group.name }}</h2>{% for op in group.operations %}
<details><summary><code>{{ op.method }} {{ op.path }}</code> {{ op.summary }}</summary>
{% if op.description %}<p>{{ op.description }}</p>{% endif %}
{% if op.parameters %}<table><caption>Takes</caption>
<thead><tr><th scope="col">Name</th><th scope="col">In</th><th scope="col">What it is</th></tr></thead>
<tbody>{% for p in op.parameters %}<tr><td><code>{{ p.name }}</code></td>
<td>{{ p.in }}{% if p.required %}, needed{% endif %}</td>
<td>{{ p.description }}</td></tr>{% endfor %}</tbody></table>{% endif %}
{% if op.body %}<h3>Body</h3><pre tabindex="0">{{ op.body }}</pre>{% endif %}
{% for answer in op.answers %}<h3>Answer {{ answer.status }}: {{ answer.description }}</h3>
{% if answer.schema %}<pre tabindex="0">{{ answer.schema }}</pre>{% endif %}{% endfor %}</details>
{% endfor %}{% endfor %}</main></body></html>"""


def register_api_page(app: Flask, spec: Callable[[], Mapping[str, Any]]) -> None:
    """Serve the page at /api/docs and its style beside it; `spec` gives the OpenAPI document."""

    @app.get("/api/docs")
    def api_docs() -> str:
        """The API, to read."""
        document = spec()
        return render_template_string(PAGE, spec=document, groups=_groups(document))

    @app.get("/api/docs.css")
    def api_docs_style() -> Response:
        """How that page looks: a file of its own, because the page's policy allows no inline style."""
        return Response(STYLE, mimetype="text/css")


def _groups(spec: Mapping[str, Any]) -> list[dict[str, Any]]:
    groups: dict[str, list[dict[str, Any]]] = {}
    for path, item in spec["paths"].items():
        for method in ("get", "put", "post", "delete"):
            if method in item:
                operation = item[method]
                groups.setdefault(operation["tags"][0], []).append(
                    _operation(path, method, operation, item.get("parameters", []), spec)
                )
    return [{"name": name, "operations": operations} for name, operations in groups.items()]


def _operation(
    path: str, method: str, operation: Mapping[str, Any], common: list[Any], spec: Mapping[str, Any]
) -> dict[str, Any]:
    return {
        "path": path,
        "method": method.upper(),
        "summary": operation.get("summary", ""),
        "description": operation.get("description", ""),
        "parameters": [*common, *operation.get("parameters", [])],
        "body": _shown(operation.get("requestBody"), spec),
        "answers": [
            {"status": status, "description": answer.get("description", ""), "schema": _shown(answer, spec)}
            for status, answer in operation["responses"].items()
        ],
    }


def _shown(holder: Mapping[str, Any] | None, spec: Mapping[str, Any]) -> str:
    content = (holder or {}).get("content", {})
    for media in content.values():
        if "schema" in media:
            return json.dumps(_example(media["schema"], spec, ()), indent=2)
    return ""


def _example(schema: Mapping[str, Any], spec: Mapping[str, Any], above: tuple[str, ...]) -> Any:
    """The shape of a schema, each leaf as its type and description."""
    if "$ref" in schema:
        name = str(schema["$ref"]).rsplit("/", 1)[-1]
        return "..." if name in above else _example(spec["components"]["schemas"][name], spec, (*above, name))
    for nested in schema.get("allOf", ()):
        return _example(nested, spec, above)
    if "properties" in schema:
        return {name: _example(inner, spec, above) for name, inner in schema["properties"].items()}
    if "items" in schema:
        return [_example(schema["items"], spec, above)]
    kind = schema.get("format") or schema.get("type", "any")
    words = schema.get("description", "")
    return f"{kind}: {words}" if words else str(kind)
