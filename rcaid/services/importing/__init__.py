"""Files that come in: judged row by row into a plan, applied at once, taken back as one."""
