"""Dossiers, and the record kept outside the database."""
