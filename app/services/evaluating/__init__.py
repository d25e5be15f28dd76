"""Reports and their consensus: read, scored, agreed."""
