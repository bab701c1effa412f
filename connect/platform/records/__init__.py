"""Records that operators read, such as workers, past problems and the audit log, and their removal."""
