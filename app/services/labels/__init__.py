"""Labels: awarded, registered, verified, followed by documents."""
