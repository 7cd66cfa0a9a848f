"""Works out what an expression is, as far as the source alone tells."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from typing import ClassVar

from codemods.python.operators import (
    COMPARED,
    elements,
    formatted,
    is_comparable,
    is_known,
    is_plain,
    joined,
    truth,
)
from codemods.python.values import (
    UNKNOWN,
    Api,
    App,
    Blueprint,
    Bound,
    Bridged,
    Call,
    Class,
    External,
    Function,
    Instance,
    ModuleValue,
    Native,
    Scope,
    Super,
    Value,
    external,
)


class Expressions:
    """Evaluates expressions; what a call does is left to ``Calls``."""

    def call(self, value: Value, call: Call) -> Value:
        """Return what calling a value gives."""
        raise NotImplementedError

    def submodule(self, module: ModuleValue, name: str) -> Value:
        """Return the module ``name`` of a package, or UNKNOWN."""
        raise NotImplementedError

    def evaluate(self, node: ast.expr | None, scope: Scope) -> Value:
        """Return the value of an expression, UNKNOWN for whatever is not understood."""
        work = self._BY_TYPE.get(type(node))
        return UNKNOWN if work is None else work(self, node, scope)

    def _constant(self, node: ast.Constant, scope: Scope) -> Value:
        return node.value

    def _name(self, node: ast.Name, scope: Scope) -> Value:
        return self.lookup(node.id, scope)

    def lookup(self, name: str, scope: Scope) -> Value:
        """Return what a name means, a builtin where nothing defines it."""
        around: Scope | None = scope
        while around is not None:
            if name in around.names:
                return around.names[name]
            around = around.parent
        return scope.module.names.get(name, External(f"builtins.{name}"))

    def _attribute(self, node: ast.Attribute, scope: Scope) -> Value:
        return self.attribute(self.evaluate(node.value, scope), node.attr)

    def attribute(self, value: Value, name: str) -> Value:
        """Return an attribute of a value."""
        if isinstance(value, ModuleValue):
            return value.names[name] if name in value.names else self.submodule(value, name)
        if isinstance(value, External):
            return external(f"{value.name}.{name}")
        if isinstance(value, Class):
            return self._of_class(value, name)
        if isinstance(value, Instance):
            return self._of_instance(value, name)
        if isinstance(value, Super):
            return self._of_super(value, name)
        if isinstance(value, Function) and name == "__name__":
            return value.name
        if isinstance(value, str) and name == "value":
            return value  # of an Enum, whose members are read as their values
        return Native(value, name) if isinstance(value, str | list | dict) else UNKNOWN

    def _of_class(self, cls: Class, name: str) -> Value:
        if name == "__name__":
            return cls.name
        if name == "as_view" and not cls.has(name):
            return Native(cls, name)
        found = cls.find(name)
        return Bound(cls, found) if isinstance(found, Function) and "classmethod" in found.marks else found

    def _of_instance(self, one: Instance, name: str) -> Value:
        if name in one.names:
            return one.names[name]
        if isinstance(one, App) and name == "config":
            return one.config
        if one.cls is None or not one.cls.has(name):
            return Native(one, name) if isinstance(one, App | Api | Blueprint | Bridged) else UNKNOWN
        found = one.cls.find(name)
        if not isinstance(found, Function) or "staticmethod" in found.marks:
            return found
        bound = Bound(one.cls if "classmethod" in found.marks else one, found)
        is_property = not found.marks.isdisjoint({"property", "cached_property"})
        return self.call(bound, Call((), {}, found.node, found.scope)) if is_property else bound

    def _of_super(self, value: Super, name: str) -> Value:
        start = value.owner.cls if isinstance(value.owner, Instance) and value.owner.cls else value.cls
        line = list(start.ancestry())
        for one in line[line.index(value.cls) + 1 :] if value.cls in line else ():
            if isinstance(one, Class) and name in one.names:
                found = one.names[name]
                return Bound(value.owner, found) if isinstance(found, Function) else found
        return Native(value.owner, name)

    def _call(self, node: ast.Call, scope: Scope) -> Value:
        function = self.evaluate(node.func, scope)
        args: list[Value] = []
        for one in node.args:
            args += self._spread(one, scope)
        keywords: dict[str, Value] = {}
        for word in node.keywords:
            value = self.evaluate(word.value, scope)
            if word.arg is not None:
                keywords[word.arg] = value
            elif isinstance(value, dict):
                keywords |= {key: one for key, one in value.items() if isinstance(key, str)}
        return self.call(function, Call(tuple(args), keywords, node, scope))

    def _spread(self, node: ast.expr, scope: Scope) -> list[Value]:
        """Return the value of an element, or all that ``*names`` stands for; UNKNOWN where that is not known."""
        if not isinstance(node, ast.Starred):
            return [self.evaluate(node, scope)]
        found = elements(self.evaluate(node.value, scope))
        return [UNKNOWN] if found is None else found

    def _list(self, node: ast.List | ast.Set, scope: Scope) -> Value:
        return [value for one in node.elts for value in self._spread(one, scope)]

    def _tuple(self, node: ast.Tuple, scope: Scope) -> Value:
        return tuple(value for one in node.elts for value in self._spread(one, scope))

    def _dict(self, node: ast.Dict, scope: Scope) -> Value:
        found: dict[Value, Value] = {}
        for key, value in zip(node.keys, node.values, strict=True):
            name, worth = self.evaluate(key, scope) if key is not None else None, self.evaluate(value, scope)
            if key is None and isinstance(worth, dict):
                found |= worth
            elif key is not None and _is_key(name):
                found[name] = worth
        return found

    def _text(self, node: ast.JoinedStr, scope: Scope) -> Value:
        parts = [self._part(one, scope) for one in node.values]
        return UNKNOWN if any(one is None for one in parts) else "".join(one for one in parts if one is not None)

    def _part(self, node: ast.expr, scope: Scope) -> str | None:
        value = self.evaluate(node.value if isinstance(node, ast.FormattedValue) else node, scope)
        is_formatted = isinstance(node, ast.FormattedValue) and (node.format_spec is not None or node.conversion > 0)
        return None if is_formatted or not is_plain(value) else str(value)

    def _operation(self, node: ast.BinOp, scope: Scope) -> Value:
        left, right = self.evaluate(node.left, scope), self.evaluate(node.right, scope)
        if isinstance(node.op, ast.Add):
            both = next(
                (kind for kind in (str, list, tuple) if isinstance(left, kind) and isinstance(right, kind)), None
            )
            return UNKNOWN if both is None else left + right
        if isinstance(node.op, ast.Mod) and isinstance(left, str):
            return formatted(left, right)
        return UNKNOWN

    def _boolean(self, node: ast.BoolOp, scope: Scope) -> Value:
        """Return the value of ``a or b``; an unknown ``a`` of ``a or b`` gives way to a default that is known."""
        is_or = isinstance(node.op, ast.Or)
        value: Value = UNKNOWN
        for one in node.values:
            value = self.evaluate(one, scope)
            decided = truth(value)
            if decided is is_or or (decided is None and not is_or):
                return value if decided is not None else UNKNOWN
        return value

    def _unary(self, node: ast.UnaryOp, scope: Scope) -> Value:
        value = self.evaluate(node.operand, scope)
        if isinstance(node.op, ast.Not):
            decided = truth(value)
            return UNKNOWN if decided is None else not decided
        return -value if isinstance(node.op, ast.USub) and isinstance(value, int | float) else UNKNOWN

    def _comparison(self, node: ast.Compare, scope: Scope) -> Value:
        compare = COMPARED.get(type(node.ops[0])) if len(node.ops) == 1 else None
        left, right = self.evaluate(node.left, scope), self.evaluate(node.comparators[0], scope)
        is_identity = isinstance(node.ops[0], ast.Is | ast.IsNot)
        can = is_known(left) and is_known(right) if is_identity else is_plain(left) and is_comparable(right)
        try:
            return compare(left, right) if compare is not None and can else UNKNOWN
        except TypeError:
            return UNKNOWN

    def _choice(self, node: ast.IfExp, scope: Scope) -> Value:
        decided = truth(self.evaluate(node.test, scope))
        if decided is not None:
            return self.evaluate(node.body if decided else node.orelse, scope)
        return joined(self.evaluate(node.body, scope), self.evaluate(node.orelse, scope))

    def _item(self, node: ast.Subscript, scope: Scope) -> Value:
        value, index = self.evaluate(node.value, scope), self.evaluate(node.slice, scope)
        if isinstance(value, External) and value.name == "os.environ":
            return UNKNOWN
        try:
            return value[index] if isinstance(value, str | list | tuple | dict) and is_plain(index) else UNKNOWN
        except (LookupError, TypeError):
            return UNKNOWN

    def _comprehension(self, node: ast.ListComp | ast.GeneratorExp | ast.SetComp, scope: Scope) -> Value:
        inner = Scope({}, scope.module, scope)
        found: list[Value] = []
        for _ in self._turns(node.generators, inner):
            found.append(self.evaluate(node.elt, inner))
        return found

    def _turns(self, generators: list[ast.comprehension], scope: Scope) -> Iterator[None]:
        if not generators:
            yield None
            return
        first, *rest = generators
        for value in elements(self.evaluate(first.iter, scope)) or ():
            self.assign(first.target, value, scope)
            if all(truth(self.evaluate(one, scope)) is not False for one in first.ifs):
                yield from self._turns(rest, scope)

    def _lambda(self, node: ast.Lambda, scope: Scope) -> Value:
        return Function("<lambda>", node, scope)

    def _named(self, node: ast.NamedExpr, scope: Scope) -> Value:
        value = self.evaluate(node.value, scope)
        self.assign(node.target, value, scope)
        return value

    def assign(self, target: ast.expr, value: Value, scope: Scope) -> None:
        """Give a name, an attribute, an item or all names of a tuple a value."""
        if isinstance(target, ast.Name):
            self._assign_name(target.id, value, scope)
        elif isinstance(target, ast.Attribute):
            owner = self.evaluate(target.value, scope)
            if isinstance(owner, Instance | Class | ModuleValue):
                owner.names[target.attr] = value
        elif isinstance(target, ast.Subscript):
            owner, index = self.evaluate(target.value, scope), self.evaluate(target.slice, scope)
            if isinstance(owner, dict) and is_plain(index):
                owner[index] = value
        elif isinstance(target, ast.Tuple | ast.List):
            self._assign_all(target.elts, value, scope)

    def _assign_name(self, name: str, value: Value, scope: Scope) -> None:
        if isinstance(value, App) and not value.variable:
            value.variable = name
        names = scope.module.names if name in scope.global_names else scope.names
        names[name] = value

    def _assign_all(self, targets: list[ast.expr], value: Value, scope: Scope) -> None:
        found = elements(value) or []
        star = next((at for at, one in enumerate(targets) if isinstance(one, ast.Starred)), None)
        if star is not None and len(found) >= len(targets) - 1:
            after = len(found) - (len(targets) - 1 - star)
            found = [*found[:star], found[star:after], *found[after:]]
        if len(found) != len(targets):
            found = [UNKNOWN] * len(targets)
        for one, worth in zip(targets, found, strict=True):
            self.assign(one.value if isinstance(one, ast.Starred) else one, worth, scope)

    _BY_TYPE: ClassVar[dict[type, Callable[..., Value]]] = {
        ast.Constant: _constant,
        ast.Name: _name,
        ast.Attribute: _attribute,
        ast.Call: _call,
        ast.List: _list,
        ast.Set: _list,
        ast.Tuple: _tuple,
        ast.Dict: _dict,
        ast.JoinedStr: _text,
        ast.BinOp: _operation,
        ast.BoolOp: _boolean,
        ast.UnaryOp: _unary,
        ast.Compare: _comparison,
        ast.IfExp: _choice,
        ast.Subscript: _item,
        ast.ListComp: _comprehension,
        ast.SetComp: _comprehension,
        ast.GeneratorExp: _comprehension,
        ast.Lambda: _lambda,
        ast.NamedExpr: _named,
    }


def _is_key(value: Value) -> bool:
    is_tuple = isinstance(value, tuple) and all(is_plain(one) for one in value)
    return is_plain(value) or is_tuple or isinstance(value, Class | Function | External)
