"""Funds with a purpose, what is given to them, the months of the books, and what paid for what."""
