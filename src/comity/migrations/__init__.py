"""How the tables came about, revision by revision; `comity.db.migrate` runs what is missing."""

HEAD = "0002"
"""The latest revision, known here so that a server whose database is up to date starts at once."""
