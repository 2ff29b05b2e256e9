"""The doors that open over HTTP: the JSON API, the pages and the console."""
