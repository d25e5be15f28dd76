"""Who reads what: by hand and by plans."""
