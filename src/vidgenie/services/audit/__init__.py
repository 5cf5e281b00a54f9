"""One row per authenticated call. May import db."""
