"""The name under which the routes of plans stand, for the files that share it."""

from backend.core.routes import Routes

blp = Routes("plans", "A person's plan: sections, goals, things to do, and reminders.")
