"""One file a channel: dropped here it is found, and a communication names it."""
