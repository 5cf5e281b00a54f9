"""Jobs in PostgreSQL: claimed with a lease, renewed, rescued, finished. May import db."""
