"""rcaid: case management for relief and assistance programmes, in the terminal."""

__version__ = "0.1.0"
