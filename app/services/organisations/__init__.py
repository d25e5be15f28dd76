"""Organisations: entries, profiles, their people and regions."""
