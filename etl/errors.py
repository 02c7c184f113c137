"""The one kind of error that reaches a person: one sentence that says what, where and what to do."""


class AtlasError(Exception):
    """Data, a source or a file is not what it must be.

    The message is one sentence for a person: what is wrong, where, and what to do about it. The command line prints it
    and exits with 1; a page shows it. Anything else that is raised is a defect of ours and keeps its traceback.
    """


class UnavailableError(AtlasError):
    """A file cannot be had just now: nobody answers, the answer is an error, or what came is not the file."""


class MissingError(UnavailableError):
    """The publisher has no such file: 404, 410, or a web page in its place."""


class DamagedError(UnavailableError):
    """Something came, but it is not the file: cut short, empty, or of another kind."""


class UsageError(AtlasError):
    """The command was given words it does not know; the command line exits with 2."""
