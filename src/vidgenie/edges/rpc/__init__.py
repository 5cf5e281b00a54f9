"""The HTTP API: the contract on one page, and the way from a request to a service."""
