"""The guarded HTTP client: which addresses may be asked, how much and how long. May import db."""
