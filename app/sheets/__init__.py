"""Answers in rows to and from spreadsheets: a pasted range, an XLSX file there and back. No Flask, no database."""
