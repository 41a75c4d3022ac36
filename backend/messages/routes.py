"""The one blueprint of this slice, so that its routes may stand in several files."""

from backend.core.routes import Routes

blp = Routes(
    "messages",
    "How this browser is rung, and how a member of staff is reached; messages say nothing but that there is one.",
)
