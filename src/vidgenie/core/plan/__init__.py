"""How to make it: spans, recipes, chunks, cost. May import timeline.

Reading order: model, spans, chunks, cost, explain.
"""
