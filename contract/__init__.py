"""The contract check compares the schema with that of the last release."""
