"""Where pytest's root is when the value of one of our options was taken for a test path.

pytest finds its root before it knows any plugin's options: of ``--cutover-schema service/api.json``
it takes the second word for a path to collect from, and moves its root into `service/` where that
has an ini file. As soon as the options are known the root is found again, without that word.
"""

from __future__ import annotations

import copy
import inspect
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
        given: dict[str, Any] = {
            "inifile": known.inifilename,
            "override_ini": known.override_ini,
            "args": known.file_or_dir,
            "rootdir_cmd_arg": known.rootdir or None,
            "invocation_dir": config.invocation_params.dir,
        }
        # pytest 8 overrides what the ini file says where it is read.
        taken = inspect.signature(determine_setup).parameters
        root, inipath, ini, *ignored = determine_setup(
            **{name: value for name, value in given.items() if name in taken}
        )
        if root == config.rootpath and inipath == config.inipath:
            return
        before = list(config.getini("addopts"))
        internal._rootpath, internal._inipath = root, inipath
        setattr(internal, "_inicfg" if hasattr(internal, "_inicfg") else "inicfg", ini)
        if ignored:
            internal._ignored_config_files = ignored[0]
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
