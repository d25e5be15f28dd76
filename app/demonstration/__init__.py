"""Data to look at and play with: rehearsals stopped at different moments, and accounts to open them with."""
