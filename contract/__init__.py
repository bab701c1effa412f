"""The contract check compares the schema with its last release."""
