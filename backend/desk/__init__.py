"""What a team does with its list: see, claim, call, snooze, recheck, hand over and close."""
