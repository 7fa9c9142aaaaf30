"""The sentences of the work itself: rosters, imports, quotas, money, people, the record."""

from __future__ import annotations

from typing import Final

Rows = dict[str, tuple[str, str]]

_PROGRAMME_FILE: Final = {
    "toml": ("line {line}: this is no TOML: {why}", ""),
    "field": ("line {line}: {field} is missing", ""),
    "unknown_field": ("line {line}: there is no field {field}; perhaps {perhaps}", ""),
    "text": ("line {line}: {field} is a text that is not empty", ""),
    "date": ("line {line}: {field} is a date, like 2022-11-24", ""),
    "number": ("line {line}: {field} is a whole number, 0 or more", ""),
    "fen": ("line {line}: {field} is a sum in fen, a whole number, 0 or more", ""),
    "percent": ("line {line}: {field} is a whole number from 0 to 100", ""),
    "flag": ("line {line}: {field} is true or false", ""),
    "words": ("line {line}: {field} is a list of texts", ""),
    "names": ("line {line}: {field} is a table from codes to names", ""),
    "lists": ("line {line}: {field} is a table from codes to lists of texts", ""),
    "results": ("line {line}: {field} is a table from checks to pass, warn or fail", ""),
    "table": ("line {line}: {field} is a table, headed by its name in brackets", ""),
    "tables": ("line {line}: {field} is a list of tables, headed by [[{name}]]", ""),
    "choice": ("line {line}: {field} cannot be {value}; there are {known}", ""),
    "order": ("line {line}: {field}: {low} is more than {high} allows", ""),
    "twice": ("line {line}: {field}: {value} stands there twice", ""),
    "one_amount": ("line {line}: {field} has either fen, or min_fen and max_fen", ""),
    "measure": ("line {line}: {field}: a band names its measure and its edges", "BR-025"),
    "overlap": ("line {line}: the bands of {one} and {other} overlap", "BR-025"),
    "topup": ("line {line}: a top-up needs repeat.once_per, what it is a part of", "BR-024"),
    "itself": ("line {line}: {code} cannot exclude itself; repeat.once_per does that", "BR-027"),
    "example": (
        "line {line}: example {name}: {what} is {got}, and {wanted} was expected",
        "",
    ),
}

WORK: Final[dict[str, Rows]] = {
    "who": {
        "as_only_demo": ("--as is for demo stores; here everybody acts as themselves", ""),
        "os_unknown": (
            "{login}, the user of this system, is nobody here; an administrator can add them,"
            " a demo store takes --as LOGIN",
            "",
        ),
    },
    "society": {"exists": ("{place} holds a society already; name another place", "")},
    "regions": {"columns": ("a division table needs the columns {columns}", "")},
    "keys": {
        "exists": ("there are keys at {place} already; they are never written over", ""),
        "missing": ("the keys are not at {place}; put the file back, or name it in RCAID_KEYS", ""),
        "open": ("others on this machine can read the keys at {place}; chmod 600", ""),
        "unreadable": ("{place} is no key file or cannot be read", ""),
        "sealed": ("a sealed value of {table} does not open with these keys", ""),
    },
    "office": {
        "unknown": ("{value} is no street or office of yours; write its name or code", ""),
        "ambiguous": ("{value} is the name of several streets; write district and street", ""),
    },
    "user": {
        "exists": ("{login} is taken", ""),
        "duty_unknown": ("{duty} is no duty; there are {known}", ""),
        "no_duty": ("{login} does not hold {duty} there", ""),
        "os_user": ("{os_user} of this machine is somebody here already", ""),
        "key_form": ("this is no OpenSSH public key; give the file that ends in .pub", ""),
        "key_known": ("the key {fingerprint} belongs or belonged to somebody; make a new one", ""),
        "key_unknown": ("no key in force has the fingerprint {fingerprint}", ""),
    },
    "programme": {
        **_PROGRAMME_FILE,
        "unknown": ("there is no programme {programme}", ""),
        "none": ("no rules of the programme are in force on {day}", "BR-020"),
        "no_version": ("{programme} has no rule version {version}", ""),
        "version": ("version {version} was loaded before; count it up", "BR-020"),
        "fund": ("the fund of a programme stays: {fund}", ""),
        "used": (
            "from {day} on it would judge cycle {cycle} anew; let it begin after {opened}",
            "BR-020",
        ),
    },
    "explain": {
        "day": ("{day} is no day up to today; write it like 2022-11-24", ""),
        "before": ("{case} had not come in by {day}", ""),
    },
    "cycle": {
        "unknown": ("there is no cycle {cycle}; there are {known}", ""),
        "exists": ("there is a cycle {cycle} already", ""),
        "not_open": ("cycle {cycle} is {state} and takes no entries", ""),
        "code": ("the code of cycle {cycle} may hold letters, digits and hyphens only", ""),
        "on_way": ("{n} payments are still on their way, the first for {case}", "BR-070"),
    },
    "round": {"unknown": ("cycle {cycle} has no round {rounds}", "")},
    "quota": {
        "full": ("the quota of {limit} is used up", "BR-032"),
        "none": ("the street has no quota in this cycle", "BR-031"),
        "number": ("{value} is no number of people; write a whole number", ""),
        "pseudo": ("{office} is no street of its own and gets no quota", "BR-035"),
        "overdraft": (
            "{office} has {has} for {category} and would give {given} away below it",
            "BR-031",
        ),
        "used": ("{office} has used {used} already; {wanted} is too few", ""),
    },
    "fund": {
        "unknown": ("there is no fund {fund}", ""),
        "amount": ("an amount that is received is above zero", ""),
        "short": ("{account} is {missing} fen short", ""),
        "received": ("{key} was received for {fund} before; nothing was changed", ""),
    },
    "item": {"unknown": ("{value} is not among the goods of this programme", "")},
    "lot": {
        "none": ("nothing of these goods has been taken in yet", ""),
        "exists": ("goods were taken in as {lot} before", ""),
        "unknown": ("no goods were taken in as {lot}; there are {known}", ""),
        "value": ("a value is not below zero", "BR-083"),
    },
    "disaster": {
        "unknown": ("there is no disaster {disaster}", ""),
        "exists": ("there is a disaster {disaster} already", ""),
        "kind": ("{kind} is no kind of disaster; there are {known}", ""),
        "phase": ("{phase} is no phase; there are {known}", ""),
        "future": ("{day} is still to come", ""),
        "busy": ("help for {disaster} is under way: {transfers}", ""),
        "closed": ("{disaster} is closed; nothing more is given for it", ""),
    },
    "institution": {
        "unknown": ("there is no institution {institution}; add it first", ""),
        "exists": ("there is an institution {institution} already", ""),
        "kind": ("{kind} is no kind of institution; there are {known}", ""),
    },
    "transfer": {
        "unknown": ("there is no transfer {transfer}", ""),
        "receiver": ("{programme} gives nothing to a {kind}", "BR-072"),
        "disaster": ("{programme} gives for a disaster alone; name it", "BR-072"),
        "nothing": ("a transfer has money above zero, or goods, or both", ""),
        "quantity": ("the quantity of {lot} is above zero", ""),
    },
    "code": {"form": ("{code} is no code: 2 to 20 of A-Z, 0-9 and -", "")},
    "category": {"unknown": ("{value} is no category of this programme", "")},
    "hardship": {"unknown": ("{value} is no kind of hardship of this programme", "")},
    "money": {"range": ("the amount is outside {low} to {high} yuan", "")},
    "date": {
        "format": ("{value} is not a date; write it like 2022-12-31", ""),
        "future": ("{value} is after today", ""),
        "none": ("{value} is no day of the calendar", ""),
        "order": ("{value} does not fit the order of this column's dates, {order}", "BR-091"),
        "mixed": (
            "{value} may have its day and month swapped: the column holds dates of two forms",
            "BR-092",
        ),
        "serial": (
            "{value} is the number a spreadsheet keeps for a day; show the column as dates",
            "BR-092",
        ),
        "unproven": (
            "column {column}: nothing proves which part is the day and which the month; say it:"
            " --dates dmy or --dates mdy",
            "BR-091",
        ),
        "before": ("{value} is before the batch was released, on {released}", ""),
    },
    "case": {
        "age_floor": ("the person is {age}, and the programme begins at {floor}", "BR-013"),
        "deceased": ("the person is on record as deceased", "BR-016"),
        "listed": ("the person is in this cycle already, as {case}", ""),
    },
    "cap": {"person": ("the person would get more than {cap} yuan in the year", "BR-022")},
    "row": {
        "nothing": ("neither an amount nor goods are given", ""),
        "repeated": ("the same as row {first} of this file", ""),
        "phone_shared": (
            "{n} rows of this file have this phone, row {first} first; is it theirs?",
            "BR-009",
        ),
        "required": ("{field} is empty", ""),
        "no_key": ("nothing says whom the row is about; it needs one of {fields}", "BR-091"),
        "two_people": ("the number and the reference belong to two different people", "BR-008"),
    },
    "update": {
        "unknown": ("nobody in these offices is on file under this; feed them in as people", ""),
    },
    "reference": {
        "scientific": (
            "the code was cut short by a spreadsheet; set the column to text and enter it again",
            "BR-092",
        ),
        "decimal": (
            "a spreadsheet made {value} a number with decimals; enter it as text",
            "BR-092",
        ),
        "rounded": (
            "the last places became zeros in a spreadsheet; enter it again as text",
            "BR-092",
        ),
        "long": ("a code has at most {most} characters", ""),
    },
    "word": {
        "sex": ("{value} is no sex; write 男 or 女, F or M", ""),
        "yes_no": ("{value} is neither yes nor no", ""),
    },
    "import": {
        "kind": ("{kind} is nothing that can be imported; there are {known}", ""),
        "cycle": ("say for which cycle the file is: --cycle", ""),
        "unknown": ("there is no import {batch}", ""),
        "no_rejects": ("no row was rejected", ""),
        "waits": (
            "somebody on file may be this person, score {score}; decide that, then feed this in",
            "BR-009",
        ),
        "waiting": (
            "somebody on file may be this person; decide that, then feed this in",
            "BR-009",
        ),
        "too_large": ("more than {mib} MiB came in; give the file by its name", ""),
    },
    "profile": {
        "toml": ("this is no TOML: {why}", ""),
        "place": ("{place} means nothing in a profile; there are {known}", ""),
        "missing": ("{place} is missing in the profile", ""),
        "text": ("{place} has to be text on one line", ""),
        "texts": ("{place} has to be a heading, or a list of headings", ""),
        "table": ("{place} has to be a table of texts", ""),
        "choice": ("{place} cannot be {value}; there are {known}", ""),
        "name": (
            "{value} is no name for a profile; take small letters, digits, - and _, at most 40",
            "",
        ),
        "field": ("{place}: files of this kind have no {field}; there are {known}", ""),
        "twice": ("{place}: the heading {heading} stands under {first} already", ""),
        "two_sources": ("{place}: {field} is read from a column and said for every row", ""),
        "reason": ("{place}: documents of type OTHER or NONE need a reason", "BR-007"),
        "delimiter": ("{place} has to be one character", ""),
        "needs": ("{place}: {heading} is not among the headings of the profile", ""),
        "unknown": ("there is no profile {name}; there are {known}", ""),
        "shipped": ("{name} comes with the program; take another name", ""),
        "kind": ("profile {name} is for {kind}, not for {wanted}", ""),
        "none_fits": (
            "{file}: none of the {n} profiles {family} fits its headings {headings}; name the"
            " columns with --map, or save a profile for it",
            "",
        ),
        "several_fit": ("{file}: {names} fit equally well; name one with --profile", ""),
    },
    "change": {
        "field": ("{field} cannot be changed so; there are {known}", ""),
        "frozen": ("{case} is frozen and not approved yet; confirm the account after that", ""),
    },
    "duplicate": {
        "answer": ("{value} is no answer; there are {known}", ""),
        "merged": ("the two are one person already", "BR-010"),
        "row": ("row {row} of the plan has no pair to decide", ""),
        "in_file": (
            "row {row} is like row {first} of the same file; apply first, the pair waits in the"
            " queue then",
            "BR-009",
        ),
    },
    "merge": {
        "one": ("these are one person already", "BR-010"),
        "state": ("only people who are live are merged or split; this one is {state}", "BR-010"),
        "chain": (
            "others were merged into the one that would go; keep that one, or split first",
            "BR-010",
        ),
        "change_waits": ("a change of one of them waits; confirm or refuse it first", "BR-010"),
        "both_listed": ("both have a line in one cycle: {case} and {other}", "BR-010"),
        "none": ("the person was not merged with anybody", "BR-010"),
        "several": ("several were merged into this person; name one: {people}", "BR-010"),
        "paid": ("{voucher} went out after the merge, so it stays", "BR-010"),
    },
    "lookup": {"no_text": ("{file}: a list is a text file with one identity number a line", "")},
    "reason": {
        "form": (
            "{value} is no reason code; a reason is one short word of letters, digits and _,"
            " because free text in the record could not be erased",
            "",
        )
    },
    "undo": {
        "again": ("the import of {file} was undone already", ""),
        "acted": ("{noun} {name} stays: somebody has worked on it since", ""),
        "came_back": ("payment {name} stays: it came back, and is due again already", ""),
        "closed": ("payment {name} stays: its batch is reconciled", "BR-070"),
        "roster": ("{noun} {name} stays: its roster is verified", ""),
        "decided": ("the {noun} of the {name} stays: a second person has decided it", ""),
        "lines_left": ("{noun} {name} stays: other lists name them", ""),
    },
    "plan": {
        "missing": ("{place}: there is no such plan", ""),
        "not_one": ("{place}: this is not a plan", ""),
        "changed": ("{place}: the plan was changed since it was made; plan again", ""),
        "undone": ("this plan became import {batch}, which was taken back; plan again", ""),
        "other_store": ("{place}: the plan was made for another store", ""),
        "other_schema": ("{place}: the plan was made by another version; plan again", ""),
        "moved": ("what the plan rests on has changed since ({noun}); plan again", "BR-047"),
        "quota": ("{office} had {before} listed when planned and {now} now; plan again", "BR-031"),
        "numbers": ("case numbers {prefix} were given meanwhile; plan again", ""),
    },
    "roster": {
        "changed": ("{roster} is not what was frozen; return it and freeze it again", "BR-034"),
        "one_cycle": ("approve rosters of one cycle at a time", ""),
        "unfinished": ("{left} entitlements of {roster} are not finished; pay or settle them", ""),
        "dead_line": ("{case}: the person died; freezing takes the line off", "BR-016"),
    },
    "person": {
        "unknown": ("nobody on file has this identity number", ""),
        "known": ("this identity number belongs to somebody else on file", "BR-008"),
        "field": (
            "{field} is nothing to reveal, or no reason was given; there are {known}",
            "BR-095",
        ),
        "no_value": ("no {field} is on file for this person", ""),
        "not_live": ("the person is {state} already", ""),
        "death_date": ("{day} cannot be the day: it is before the birth or after today", ""),
    },
    "voucher": {
        "unknown": ("no payment or hand-out has the voucher {voucher}", ""),
        "batch": ("the voucher is not of this batch; it belongs to {batch}", ""),
        "state": ("{voucher} is {state}; this result cannot be taken up", ""),
        "amount": ("the amount differs; {sent} yuan were sent", "BR-064"),
        "quantity": ("the quantity differs; {sent} were issued", ""),
        "account": ("the voucher was paid to another account; look at the file again", "BR-064"),
        "name": ("the voucher is of somebody else; look at the sheet again", ""),
        "number": ("the voucher is of somebody with another number; look at the sheet again", ""),
    },
    "delivery": {"word": ("{value} is neither 是 nor 否", "")},
    "batch": {
        "empty": ("nothing is ready for {office} in {cycle}", ""),
        "items": ("{office} is due goods of several kinds; a batch holds one kind", ""),
        "not_zero": (
            "{batch}: {open} lines are still on their way, {difference} fen are unexplained",
            "BR-070",
        ),
    },
    "account": {"erased": ("{voucher}: the account was erased", "")},
    "export": {"purpose": ("say what it is for and who gets it: --purpose, --for", "BR-096")},
    "record": {
        "missing": ("{noun} {id} is in the record and not in the store", ""),
        "unlisted": ("{noun} {id} is in the store and not in the record", ""),
        "changed": ("{noun} {id} is not what the record says: it was changed by hand", ""),
        "gap": ("{noun} {id}: a version is missing in the record", ""),
        "seq": ("event {event} is not where it belongs: one before it is gone", ""),
        "root": ("event {event}: the rows under it are not those it was made over", ""),
        "signed": ("event {event} is not what was signed", ""),
        "columns": ("event {event}: what is shown of it is not what it says", ""),
        "rows_left": ("the record holds rows that belong to no event", ""),
        "head": ("log {log}: its events do not give its head", ""),
        "cut": ("log {log}: it was signed with {size} events and has fewer", ""),
        "signature": ("the signature of {at} is not by this society's key", ""),
    },
    "inbox": {
        "gone": ("{file} is no longer in the inbox; look again", ""),
        "full": ("there are too many files called {file} in the inbox; take some away", ""),
    },
    "demo": {
        "no_year": ("{place} holds no year; make one with rcaid demo make", ""),
        "batch": ("the batch is {made}, and the year's plan says {planned}", ""),
        "differs": ("the played year is not the planted one", ""),
    },
}
