"""What is done with accounts, sign-ins and offices."""
