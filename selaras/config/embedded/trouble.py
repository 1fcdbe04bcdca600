"""What can go wrong with the embedded database, each as one sentence that says what to do."""

import re


class DatabaseTrouble(RuntimeError):
    """The embedded database cannot be used; the text is one sentence for the person at the keyboard."""


# PostgreSQL's own words on the left, ours on the right: a person who only wanted a demo has never met them.
_KNOWN = (
    ("No space left on device", "The disk that holds {where} is full: free some space and try again."),
    ("Disk quota exceeded", "The disk quota for {where} is used up: free some space and try again."),
    ("could not map anonymous shared memory", "There is not enough free memory to start the database."),
    ("is too long (maximum", "The path of the database socket is too long: set TMPDIR to a short folder such as /tmp."),
    ("Read-only file system", "{where} is on a read-only disk: set SELARAS_VAR to a folder that can be written."),
    ("Permission denied", "The account that runs the database may not read or write {where}: check who owns it."),
    ("user does not exist", "The account that runs the database has no name here: create a user called selaras-pg."),
    ("already in use", "Another server holds the socket of {where}: stop it, or set SELARAS_VAR to another folder."),
    ("database files are incompatible", "{where} was made by another build of PostgreSQL: restore it from a backup."),
)


def explained(output: str, where: str, otherwise: str) -> DatabaseTrouble:
    """Turn the output of a PostgreSQL program into one sentence; `otherwise` opens that of an unknown cause."""
    for phrase, sentence in _KNOWN:
        if phrase in output:
            return DatabaseTrouble(sentence.format(where=where))
    lines = output.splitlines()
    marks = ("invalid value for parameter", "unrecognized configuration", "syntax error", "FATAL:", "PANIC:", "error:")
    telling = [line for mark in marks for line in lines if mark in line] or lines or ["no reason given"]
    reason = re.sub(r"^.*?(FATAL|PANIC|LOG|ERROR|error):\s*", "", telling[0]).strip()
    return DatabaseTrouble(f"{otherwise}: {reason}.")
