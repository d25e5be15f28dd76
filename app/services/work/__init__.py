"""What awaits a person, and the cockpit of a call."""
