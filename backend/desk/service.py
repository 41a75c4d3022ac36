"""What other slices may ask of the desk: rows of one person's cards, and to count a page that listens."""

from backend.desk.listening import desks
from backend.desk.worklist import rows_about

__all__ = ["desks", "rows_about"]
