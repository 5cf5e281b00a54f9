"""Files as containers: told by their first bytes, opened safely, read for their time stamps.

May import core; read `sniff`, `opened`, `tables`, `index`.
"""
