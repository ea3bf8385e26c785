"""The error that a person reads: one or two sentences on what is wrong and what to do."""


class UserError(Exception):
    """Shown as it is, without a traceback."""
