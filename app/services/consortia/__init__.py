"""Partners: invited, confirmed, changed, leaving."""
