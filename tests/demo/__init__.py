"""The demo's people, their past, their kit and what a second start leaves alone."""
