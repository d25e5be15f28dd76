"""Mails: written when they are sent, from the rows they speak of; one addressee each, plain text."""
