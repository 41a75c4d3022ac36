"""The desk of what could not be used: looked at, replayed, given to whom it belongs, or voided."""
