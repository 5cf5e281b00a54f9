"""Pages for people: the landing page and signed downloads."""
