"""The guarded HTTP client: which addresses may be asked, how much and how long. May import db.

Read in this order: `guard` (which addresses), `transport` (how it is enforced), `client`.
"""
