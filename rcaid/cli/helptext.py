"""Ready-made text, so that help and version need no parser; made by cli/reference.py."""

VERSION = "rcaid 0.1.0"
HELP = """\
Usage: rcaid [OPTIONS] NOUN VERB …

Relief programmes from the roster to the receipt. Alone it opens the terminal program.

  init       a new store with its keys  import     files in: plan, then apply
  demo       a made-up year to play     roster     lists of people under a quota
  programme  programmes and their rules batch      money and goods out and back
  cycle      one run of a programme     report     the figures and their rules
  round      hand-outs within a cycle   user       people who act, and duties
  quota      who may list how many      db         the store itself
  fund       pots with a purpose        doctor     what an operator should mend

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
