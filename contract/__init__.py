"""The schema as a contract with clients, compared with the last release."""
