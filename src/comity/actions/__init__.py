"""Everything that can happen: one module a subject, one function an event.

An action takes the caller's session and the Newsroom, checks for itself whether the person may do
this, and returns the row. What it raises is in `comity.errors`.
"""
