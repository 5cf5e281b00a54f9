"""The document: what a user may write, checked. May import the values below it.

Reading order: parse, size, merge, model, rules, references; problems and salvage tell what is
wrong, in the words of wording and pending; output and schema say what follows.
"""
