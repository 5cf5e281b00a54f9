"""One file per noun of the API; each function answers one call."""
