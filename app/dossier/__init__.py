"""Dossiers: everything recorded of a call or an application in one ZIP, with a script that works it out again."""
