"""Where files live: a local folder or an object store, one interface. May import db."""
