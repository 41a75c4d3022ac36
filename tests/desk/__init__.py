"""The desk over HTTP: what a nurse does with a card, and who sees it when."""
