"""Everything printed: certificates, receipts, letters and reports, made from snapshots by a confined child."""
