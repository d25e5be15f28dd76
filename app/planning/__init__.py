"""The solver of assignment plans. It is heavy, so only the child process of the job imports it."""
