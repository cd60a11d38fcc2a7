# SPDX-License-Identifier: GPL-2.0-only
"""The command line: finds commands under `commands/`, turns errors into one line."""

import errno
import importlib
import os
import pkgutil
import signal
import sys
from typing import Any

import click

from redzone_tool import commands, setup
from redzone_tool.errors import ENVIRONMENT, EXIT_CODES, INTERRUPTED, USAGE, ToolError, unknown

_HELP = """redzone measures how often mistakes in kernel-style parsers become
memory-safety bugs, and who finds them, how fast."""

_EPILOG = "\b\nExit codes:\n" + "\n".join(
    f"  {code}  {meaning}" for code, meaning in EXIT_CODES.items())


class Commands(click.Group):
    """Commands are the modules of `redzone_tool.commands`, imported when they are used."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """All module names, as commands are spelled."""
        return sorted(m.name.rstrip("_").replace("_", "-")
                      for m in pkgutil.iter_modules(commands.__path__)
                      if not m.name.startswith("_"))

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import the module of one command; its packages are seen to first."""
        names = self.list_commands(ctx)
        if cmd_name not in names:
            raise unknown("command", cmd_name, names, "redzone --help")
        if ctx.obj and ctx.obj.get("running"):
            setup.ensure("cli", *setup.COMMANDS.get(cmd_name, setup.DEFAULT_GROUPS))
        module_name = cmd_name + "_" if cmd_name == "import" else cmd_name.replace("-", "_")
        module = importlib.import_module(f"redzone_tool.commands.{module_name}")
        command = module.command
        assert isinstance(command, click.Command)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """One line per command; one that lacks its packages is still listed."""
        rows = []
        for name in self.list_commands(ctx):
            try:
                command = self.get_command(ctx, name)
            except ImportError as err:
                rows.append((name, f"(needs {err.name}: run `redzone setup`)"))
                continue
            if command is not None and not command.hidden:
                rows.append((name, command.get_short_help_str(limit=90)))
        with formatter.section("Commands"):
            formatter.write_dl(rows)

    def resolve_command(self, ctx: click.Context, args: list[str]) -> Any:
        """Mark the context so that only a command about to run installs packages."""
        wants_help = any(word in ("--help", "-h") for word in args[1:])
        ctx.obj = {"running": not wants_help}
        return super().resolve_command(ctx, args)


@click.group(cls=Commands, help=_HELP, epilog=_EPILOG,
             context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
def redzone() -> None:
    """See _HELP."""


def _terminated(signum: int, frame: Any) -> None:
    raise KeyboardInterrupt


def _fail(message: str, code: int) -> int:
    print("redzone: " + " ".join(message.split()), file=sys.stderr)
    return code


def main(arguments: list[str]) -> int:
    """Run one command; every foreseeable failure is one line on stderr and an exit code."""
    signal.signal(signal.SIGTERM, _terminated)
    try:
        result = redzone.main(args=arguments, prog_name="redzone", standalone_mode=False)
        sys.stdout.flush()
        return result if isinstance(result, int) else 0
    except ToolError as err:
        for line in err.detail:
            print(f"  {line}", file=sys.stderr)
        return _fail(str(err), err.code)
    except click.exceptions.Abort:
        return _fail("interrupted", INTERRUPTED)
    except KeyboardInterrupt:
        return _fail("interrupted", INTERRUPTED)
    except click.ClickException as err:
        name = ""
        if isinstance(err, click.UsageError) and err.ctx is not None:
            name = f" (see `{err.ctx.command_path} --help`)"
        return _fail(err.format_message() + name, USAGE)
    except BrokenPipeError:
        # The reader of our output left (`| head`): not worth a word.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return INTERRUPTED
    except OSError as err:
        return _fail(_os_error(err), ENVIRONMENT if err.errno in _ENVIRONMENT else USAGE)
    except ImportError as err:
        if (err.name or "").startswith("redzone_tool"):
            raise
        return _fail(f"Python module {err.name} is missing: run `redzone setup`", ENVIRONMENT)


_ENVIRONMENT = {errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EACCES, errno.EPERM,
                errno.ENOMEM, errno.EMFILE, errno.EIO}


def _os_error(err: OSError) -> str:
    where = f": {err.filename}" if err.filename else ""
    reason = err.strerror or str(err)
    if err.errno in (errno.ENOSPC, errno.EDQUOT):
        reason = "no space left on device"
    return reason[:1].lower() + reason[1:] + str(where)
