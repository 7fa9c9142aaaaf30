"""Ready-made text, so that help and version need no parser; made by cli/reference.py."""

VERSION = "rcaid 0.1.0"
HELP = """\
Usage: rcaid [OPTIONS] NOUN VERB …

Relief programmes from roster to receipt. Alone it opens the terminal program.

  init       a new store with its keys  notice     public lists, objections
  demo       a made-up year to play     batch      money and goods going out
  programme  programmes and their rules disaster   events help is given for
  cycle      one run of a programme     institution who receives transfers
  round      hand-outs within a cycle   transfer   help beyond the rosters
  quota      who may list how many      report     the figures and their rules
  fund       pots with a purpose        snapshot   figures once frozen
  donor      who gives                  audit      the record: show and check
  donation   what they give, receipts   user       people who act, and duties
  import     files in: plan, then apply db         the store itself
  roster     people listed under quotas doctor     what an operator mends
  person     people, and help given     keys       the terminal program's keys
  lookup     many numbers: who got what serve-key  for sshd: whose key is it
  change     changes two people decide  session    for sshd: what a key opens
  case       one person in one cycle

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
