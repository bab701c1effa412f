"""What clients may rely on: the schema, compared with the one last released."""
