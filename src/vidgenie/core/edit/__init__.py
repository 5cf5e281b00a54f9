"""The document: what a user may write, checked. May import the values below it.

Reading order: model, limits, problems, merge, parse.
"""
