"""Ready-made text, so that help and version need no parser; made by cli/reference.py."""

VERSION = "rcaid 0.1.0"
HELP = """\
Usage: rcaid [OPTIONS] NOUN VERB …

Relief programmes from roster to receipt. Alone it opens the terminal program.

  init       a new store with its keys  change     changes two people decide
  demo       a made-up year to play     case       one person in one cycle
  programme  programmes and their rules batch      money and goods going out
  cycle      one run of a programme     report     the figures and their rules
  round      hand-outs within a cycle   audit      the record: show and check
  quota      who may list how many      user       people who act, and duties
  fund       pots with a purpose        db         the store itself
  import     files in: plan, then apply doctor     what an operator mends
  roster     people listed under quotas keys       the terminal program's keys
  person     people, and help given     serve-key  for sshd: whose key is it
  lookup     many numbers: who got what session    for sshd: what a key opens

  --db URL          the store: a path or postgresql://…; else RCAID_DB
  --office CODE     keep to one office and all below it
  --as LOGIN        who acts; in a demo store alone
  --lang en|zh_CN   the language of messages
  --read-only       open the store for reading alone
  --version         the version of the program

rcaid NOUN --help shows its verbs. Examples:
  rcaid import plan roster.xlsx --kind roster --cycle 22A
  rcaid --as jd-approver roster approve 22A-R-310114001 --round 1 --yes
"""
