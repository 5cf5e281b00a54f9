"""Who may do what: accounts, access tokens, API keys, scopes. May import queue, mail and below."""
