"""Tests of a person's circle: invitations, what each may see, who looked, and the practice's staff."""
