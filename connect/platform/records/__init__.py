"""The records that operators read, such as workers, past problems and the audit log, and the removal of
expired data.
"""
