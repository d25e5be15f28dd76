"""Works a dossier out again. Copied into each one: the standard library alone, Python 3.9 or later, nothing of ours."""
