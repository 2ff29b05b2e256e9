"""Ways out: everything that Comity remembers, in forms that others can read."""
