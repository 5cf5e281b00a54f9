"""The loop of a worker: claim, fetch, render, store, finish."""
