"""Start-up: help and version from ready-made text, everything else imported when it is needed."""

import sys


def main() -> int:
    """Runs the command line; returns the exit code."""
    arguments = sys.argv[1:]
    if len(arguments) == 1 and arguments[0] in ("--help", "-h", "--version"):
        from rcaid.cli.helptext import HELP, VERSION

        sys.stdout.write(VERSION + "\n" if arguments[0] == "--version" else HELP)
        return 0
    from rcaid.cli.edge import run

    return run(arguments)


if __name__ == "__main__":
    sys.exit(main())
