"""Ready-made text, so that help and version need no parser; made by cli/reference.py."""

VERSION = "rcaid 0.1.0"
HELP = """\
Usage: rcaid [OPTIONS] NOUN VERB …

Relief programmes from the roster to the receipt. Alone it opens the terminal program.

  init       a new store with its keys  batch      money and goods out and back
  demo       a made-up year to play     report     the figures and their rules
  programme  programmes and their rules audit      the record, shown and checked
  cycle      one run of a programme     user       people who act, and duties
  round      hand-outs within a cycle   db         the store itself
  quota      who may list how many      doctor     what an operator should mend
  fund       pots with a purpose        keys       the terminal program's keys
  import     files in: plan, then apply serve-key  for sshd: whose key is it
  roster     lists of people under a quotasession    for sshd: what a key opens

  --db URL          the store: a path, sqlite:///path or postgresql://…; else RCAID_DB
  --office CODE     keep to one office and all below it
  --as LOGIN        who acts; in a demo store alone
  --lang en|zh_CN   the language of messages
  --read-only       open the store for reading alone
  --version         the version of the program

rcaid NOUN --help shows its verbs. Examples:
  rcaid import plan roster.xlsx --kind roster --cycle 22A
  rcaid --as jd-approver roster approve 22A-R-310114001 --round 1 --yes
"""
