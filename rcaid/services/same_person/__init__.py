"""Records that may be one person: found, decided side by side, merged and split."""
