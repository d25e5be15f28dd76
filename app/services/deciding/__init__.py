"""The decision: ranking, trials, panel, letters, results."""
