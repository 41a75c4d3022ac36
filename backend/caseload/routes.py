"""The one blueprint of this slice, so that its routes may stand in several files."""

from backend.core.routes import Routes

blp = Routes("caseload", "People join, are paused, end; who looks after whom; staff accounts.")
