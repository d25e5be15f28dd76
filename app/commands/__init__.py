"""One file for each command of `escp`."""
