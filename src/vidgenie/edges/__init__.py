"""Floor 4: processes and people. Edges never import each other."""
