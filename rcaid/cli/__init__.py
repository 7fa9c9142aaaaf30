"""The command line: one file for each noun; it parses, calls a service, and prints."""
