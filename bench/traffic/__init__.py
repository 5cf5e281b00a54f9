"""What `bench/api.py` works with: a server under test, a bare one, and somebody who calls them."""
