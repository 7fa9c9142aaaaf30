"""Reports by name, the rule printed under each, and figures that were frozen."""
