"""The one set of routes of conversations, which its files add to."""

from backend.core.routes import Routes

blp = Routes("threads", "Messages between a person, the community team and the GP practice.")
KIND = "/patients/<uuid:patient_id>/threads/<any(team, practice):kind>"
