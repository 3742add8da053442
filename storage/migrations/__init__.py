"""The schema's history. HEAD is what this program knows; a test holds it against the files."""

REVISIONS = ("0001", "0002")
HEAD = REVISIONS[-1]
