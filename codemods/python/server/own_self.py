"""What a handler, which has no ``self``, puts in the place of the method's: the class, or an instance of its own."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from msgspec import Struct

from codemods import reasons
from codemods.python.server.bound_names import FunctionNode, names, stores, walk
from codemods.python.server.methods import Method, is_external_base
from codemods.python.server.self_reach import Reach, first_parameter, is_plain_init
from codemods.python.values import Class, Function
from codemods.results import Left

_INSTANCE_NAMES = ("resource", "own_resource", "this_resource")
_PLAIN = ast.Constant | ast.Dict | ast.List | ast.Tuple | ast.Set | ast.JoinedStr


class OwnSelf(Struct, frozen=True):
    """What ``name`` (mostly "self") becomes: ``on_class`` are attributes read from the class.

    Others are an instance's: made in place if there is but one use, else made first and kept in ``variable``.
    """

    name: str
    cls: str
    on_class: frozenset[str] = frozenset()
    needs_instance: bool = False
    variable: str = ""
    note: str = ""


def self_of(method: Method, tree: ast.Module, with_arguments: frozenset[str]) -> OwnSelf | None:
    """Return what becomes of self, None if the method does not use it; raises Left where that is not certain.

    ``with_arguments`` are the classes that the project registers with ``resource_class_args`` or ``_kwargs``.
    """
    node = method.node
    assert node is not None
    name = first_parameter(node)
    uses = [one for one in walk(node) if isinstance(one, ast.Name) and one.id == name]
    if not uses:
        return None
    attributes = _attributes(node, name, uses)
    if stores(node)[method.cls.name]:
        raise Left(reasons.SELF_USED, f"A local variable is called {method.cls.name}, which the handler would need.")
    if _is_rebound(tree, method.cls):
        raise Left(reasons.SELF_USED, f"{method.cls.name} is bound again in this file, so the name may mean another.")
    on_class = frozenset(one.attr for one in attributes if _is_of_class(method, one.attr, tree))
    of_instance = [one for one in attributes if one.attr not in on_class]
    reach = Reach(method.value, node, name)
    reach.refuse_dispatch()
    reach.refuse_foreign_state()
    note = _note_on_instance(method, reach, with_arguments) if of_instance else ""
    is_single = len(of_instance) == 1 and not _is_repeated(node, of_instance[0])
    variable = "" if is_single or not of_instance else _free(node)
    return OwnSelf(name, method.cls.name, on_class, bool(of_instance), variable, note)


def _attributes(node: FunctionNode, name: str, uses: list[ast.Name]) -> list[ast.Attribute]:
    """Return the uses as attributes that are read; raises Left where self is anything else."""
    if stores(node)[name] > 1:
        raise Left(reasons.SELF_USED, f"{name} is bound anew within the method.")
    found = [one for one in walk(node) if isinstance(one, ast.Attribute) and any(one.value is use for use in uses)]
    if len(found) != len(uses):
        raise Left(reasons.SELF_USED, f"{name} itself is passed on or returned, which is more than its attributes.")
    if any(isinstance(one, ast.JoinedStr) and _shows_itself(one, name) for one in walk(node)):
        raise Left(reasons.SELF_USED, f"An f-string with = shows how {name} is written.")
    return sorted(found, key=lambda one: (one.lineno, one.col_offset))


def _shows_itself(text: ast.JoinedStr, name: str) -> bool:
    """True for ``f"{self.size=}"``, which Python reads as a text that ends with the expression, and its value."""
    pairs = zip(text.values, text.values[1:], strict=False)
    shown = (
        one.value for one, other in pairs if isinstance(one, ast.Constant) and isinstance(other, ast.FormattedValue)
    )
    return any(str(one).rstrip().endswith("=") and f"{name}." in str(one) for one in shown)


def _is_rebound(tree: ast.Module, cls: ast.ClassDef) -> bool:
    """True where the module gives the class's name to something else too."""
    others = [one for one in tree.body if one is not cls]
    named = [one.name for one in others if isinstance(one, FunctionNode | ast.ClassDef)]
    plain = [one for one in others if not isinstance(one, FunctionNode | ast.ClassDef)]
    return cls.name in named or any(stores(one)[cls.name] for one in plain)


# ---- attributes of the class ------------------------------------------------------------------


def _is_of_class(method: Method, name: str, tree: ast.Module) -> bool:
    """True where reading an attribute from the class gives what reading it from an instance does."""
    if _is_assigned(tree, name):
        return False
    for cls in _classes(method):
        for one in cls.node.body:
            if isinstance(one, FunctionNode) and one.name == name:
                kinds = [ast.unparse(decorator) for decorator in one.decorator_list]
                return kinds in (["staticmethod"], ["classmethod"])
            if isinstance(one, ast.Assign | ast.AnnAssign) and _binds(one, name):
                return one.value is not None and _is_plain(one.value)
    return False


def _classes(method: Method) -> Iterator[Class]:
    """Yield the class and its bases in the order in which attributes are looked up."""
    for one in method.value.ancestry() if method.value is not None else ():
        if not isinstance(one, Class):
            return
        yield one


def _binds(node: ast.Assign | ast.AnnAssign, name: str) -> bool:
    targets = node.targets if isinstance(node, ast.Assign) else [node.target]
    return any(isinstance(one, ast.Name) and one.id == name for one in targets)


def _is_plain(value: ast.expr) -> bool:
    """True for values that are no descriptors: displays, constants, objects made of a class by its name."""
    if isinstance(value, ast.Call):
        return ast.unparse(value.func).rpartition(".")[2][:1].isupper()
    return isinstance(value, _PLAIN)


def _is_assigned(tree: ast.Module, name: str) -> bool:
    """True where the file sets such an attribute on anything."""
    return any(
        isinstance(one, ast.Attribute) and one.attr == name and not isinstance(one.ctx, ast.Load) for one in walk(tree)
    )


# ---- instances --------------------------------------------------------------------------------


def _note_on_instance(method: Method, reach: Reach, with_arguments: frozenset[str]) -> str:
    """Return what is to be said of an instance of the handler's own; raises Left where none can be made."""
    if method.cls.name in with_arguments:
        msg = f"{method.cls.name} is registered with resource_class_args or resource_class_kwargs."
        raise Left(reasons.SELF_USED, msg)
    is_external = method.value is None or is_external_base(method.value)
    if method.value is None or is_external:
        return "A base class is not read here; its __init__ and helpers run on an instance of the handler's own."
    undefined = reach.undefined()
    if undefined:
        return f"Nothing that is read here defines self.{undefined}."
    init = method.value.find("__init__")
    if not isinstance(init, Function) or not isinstance(init.node, ast.FunctionDef):
        return ""
    arguments = init.node.args
    required = len(arguments.posonlyargs) + len(arguments.args) - len(arguments.defaults) - 1
    if required > 0 or any(one is None for one in arguments.kw_defaults):
        raise Left(reasons.SELF_USED, f"__init__ of {method.cls.name} takes arguments.")
    if is_plain_init(init.node):
        return ""
    return f"__init__ of {method.cls.name} runs for the handler's own instance too, after that of Flask's."


def _is_repeated(node: FunctionNode, use: ast.Attribute) -> bool:
    """True where a use may be evaluated more than once, or later."""
    comprehensions = ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp
    loops = ast.For | ast.While | comprehensions | ast.Lambda | FunctionNode
    return any(isinstance(one, loops) and one is not node and use in walk(one) for one in walk(node))


def _free(node: FunctionNode) -> str:
    taken = names(node)
    found = next((one for one in _INSTANCE_NAMES if one not in taken), None)
    if found is None:
        raise Left(reasons.SELF_USED, "No name is free for an instance of the class.")
    return found
