"""Ready-made text, so that help and version need no parser; made by cli/reference.py."""

VERSION = "rcaid 0.1.0"
HELP = """\
Usage: rcaid [OPTIONS] NOUN VERB …

Relief programmes from roster to receipt. Alone it opens the terminal program.

  init       a new store with its keys  notice     public lists, objections
  demo       a made-up year to play     batch      money and goods going out
  programme  programmes and their rules lot        goods in stock, lot by lot
  cycle      one run of a programme     disaster   events help is given for
  round      hand-outs within a cycle   institution who receives transfers
  quota      who may list how many      transfer   help beyond the rosters
  fund       pots with a purpose        report     the figures and their rules
  donor      who gives                  snapshot   figures once frozen
  donation   what they give, receipts   audit      the record: show and check
  import     files in: plan, then apply user       people who act, and duties
  roster     people listed under quotas db         the store itself
  person     people, and help given     doctor     what an operator mends
  lookup     many numbers: who got what keys       the terminal program's keys
  change     changes two people decide  serve-key  for sshd: whose key is it
  case       one person in one cycle    session    for sshd: what a key opens

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
