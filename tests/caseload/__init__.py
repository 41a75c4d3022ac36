"""People join, live with it and leave; staff accounts; all by HTTP."""
