"""Where pytest's root is when the value of one of our options was taken for a test path.

pytest finds its root before it knows any plugin's options: of ``--cutover-schema service/api.json``
it takes the second word for a path to collect from, and moves its root into `service/` where that
has an ini file. As soon as the options are known the root is found again, without that word.
"""

from __future__ import annotations

import copy
from typing import Any

import pytest


def find_root_again(config: pytest.Config, parser: pytest.Parser, args: list[str]) -> None:
    """Put root, ini file and what they say to where they are without the values of options.

    What is used here is pytest's own, and no promise: where it is not as expected nothing is
    changed, and whoever misses the configuration says why.
    """
    internal: Any = config
    try:
        from _pytest.config.findpaths import determine_setup

        known = internal.known_args_namespace
        root, inipath, ini, ignored = determine_setup(
            inifile=known.inifilename,
            override_ini=known.override_ini,
            args=known.file_or_dir,
            rootdir_cmd_arg=known.rootdir or None,
            invocation_dir=config.invocation_params.dir,
        )
        if root == config.rootpath and inipath == config.inipath:
            return
        before = list(config.getini("addopts"))
        internal._rootpath, internal._inipath = root, inipath
        internal._inicfg, internal._ignored_config_files = ini, ignored
        internal._inicache.clear()
        vars(parser)["extra_info"].update(rootdir=str(root), inifile=str(inipath))
        if args[: len(before)] == before:
            args[:] = [*config.getini("addopts"), *args[len(before) :]]
        config.pluginmanager.consider_preparse(args, exclude_only=False)
        internal._configure_python_path()
        internal.known_args_namespace = parser.parse_known_args(
            args, namespace=copy.copy(config.option)
        )
        if internal.known_args_namespace.confcutdir is None:
            internal.known_args_namespace.confcutdir = str(inipath.parent if inipath else root)
    except (ImportError, AttributeError, TypeError, ValueError, KeyError):
        return
