"""What ends an import: one sentence for the person at the command line."""


class FileFault(Exception):
    """The file as a whole cannot be used; nothing was changed. The text is one clear sentence."""
