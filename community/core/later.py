"""Commands that are read when somebody types one: what only an import needs costs no page and no worker."""

from __future__ import annotations

from importlib import import_module

import click


class CommandsLater(click.Group):
    """Stands for a group of commands in other modules until one of its commands is asked for.

    :param modules: where they are; the first holds the group itself, called ``<name>_group``.
    """

    def __init__(self, name: str, help: str, *modules: str) -> None:
        super().__init__(name=name, help=help)
        self._modules = modules

    def list_commands(self, ctx: click.Context) -> list[str]:
        """See :class:`click.Group`."""
        return self._group().list_commands(ctx)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """See :class:`click.Group`."""
        return self._group().get_command(ctx, cmd_name)

    def _group(self) -> click.Group:
        first, *_ = [import_module(module) for module in self._modules]
        found: click.Group = getattr(first, f"{self.name}_group")
        return found
