"""The five kinds of failure a caller can meet, in one shape (RFC 9457 problem details)."""

from collections.abc import Mapping, Sequence


class Problem(Exception):  # noqa: N818 - the field's word is "problem" (RFC 9457)
    """A failure with words for the person and a stable code for programs."""

    status = 500
    kind = "unavailable"

    def __init__(
        self,
        code: str,
        detail: str,
        *,
        errors: Mapping[str, Sequence[str]] | None = None,
        current: Mapping[str, object] | None = None,
        headers: Mapping[str, str] | None = None,
        status: int | None = None,
    ) -> None:
        super().__init__(code)
        self.code = code
        self.detail = detail
        self.errors = errors
        self.current = current
        self.headers = dict(headers or {})
        if status is not None:
            self.status = status

    def body(self) -> dict[str, object]:
        """The problem+json object: title, status, kind, code, detail, and what helps to mend it."""
        out: dict[str, object] = {
            "type": "about:blank",
            "title": self.kind.replace("-", " ").capitalize(),
            "status": self.status,
            "kind": self.kind,
            "code": self.code,
            "detail": self.detail,
        }
        if self.errors is not None:
            out["errors"] = {name: list(words) for name, words in self.errors.items()}
        if self.current is not None:
            out["current"] = dict(self.current)
        return out


class Invalid(Problem):
    """What was sent cannot be used; the words say what and how to mend it."""

    status = 422
    kind = "invalid"


class NotAllowed(Problem):
    """Who asks may not do this. For a patient's record the API answers with NotFound's words instead."""

    status = 403
    kind = "not-allowed"


class NotFound(Problem):
    """There is no such thing, or not for this caller: the words are the same."""

    status = 404
    kind = "not-found"


class Conflict(Problem):
    """Somebody was first; `current` holds what stands now."""

    status = 412
    kind = "conflict"


class Unavailable(Problem):
    """A part we need does not answer; the detail names which."""

    status = 503
    kind = "unavailable"
