# Part of zygote-python: what assignments make of names, items and fields, and
# what sizes are called after them.

import ast

from .model import ONE, size
from .values import (UNKNOWN, Any, Class, Inst, Num, Seq, grown, growth_of,
                     join, number)


class Assignments:

    def assign(self, target, value, node):
        if isinstance(target, ast.Name):
            self.name_value(value, target.id)
            self.scope.home(target.id).names[target.id] = value
        elif isinstance(target, (ast.Tuple, ast.List)):
            self.unpack(target.elts, value, node)
        elif isinstance(target, ast.Starred):
            self.assign(target.value, value, node)
        elif isinstance(target, ast.Attribute):
            self.assign_field(target, value)
        elif isinstance(target, ast.Subscript):
            self.assign_item(target, value, node)

    def name_value(self, value, name):
        """A size is called as the program calls it."""
        if isinstance(value, Num):
            sym, title = value.only(), name
        elif isinstance(value, Seq):
            sym, title = value.length.only(), f"len({name})"
            if value.source == "line" and not self.dry \
                    and value not in self.made[-40:]:
                self.made.append(value)
            if isinstance(value.elem, Num):
                self.name_value(value.elem, name)
        else:
            return
        if sym is None or sym.named:
            return
        known = sym.growth.linear()
        if known in self.titles and self.titles[known] is None:
            self.titles[known] = title
            sym.named = True

    def unpack(self, targets, value, node):
        count = len(targets)
        items = None
        if isinstance(value, Seq):
            self.looked(value, whole=False)
            items = value.items
            if items is not None and len(items) != count:
                items = None
            stars = any(isinstance(t, ast.Starred) for t in targets)
            if items is None and not stars:
                sym = value.length.only()
                if sym is not None and value.source:
                    self.is_short(value)
        for i, target in enumerate(targets):
            if isinstance(target, ast.Starred):
                seq = self.as_seq(value, node)
                self.charge(seq.growth())
                made = self.seq("list", seq.length, seq.elem, node)
                made.source = seq.source
                self.assign(target.value, made, node)
            elif items is not None:
                self.assign(target, items[i], node)
            else:
                self.assign(target, self.apart(self.item(value)), node)

    def apart(self, value):
        """Numbers that a line has side by side are not the same one."""
        if isinstance(value, Num) and value.only() is not None:
            name = value.growth().linear()
            if self.kinds.get(name) == "value" \
                    and self.titles[name] is None:
                return grown(size(self.new_size(None, "number")))
        return value

    def is_short(self, seq):
        """Taken apart to a few names: its length is no input."""
        name = seq.growth().linear()
        if name is not None and self.kinds.get(name) == "length":
            self.same[self.real_size(name)] = ""

    def item(self, value):
        """One of a sequence's items."""
        if isinstance(value, Any):
            value = value.as_seq()
        if not isinstance(value, Seq):
            return UNKNOWN
        return self.fresh(value.elem)

    def fresh(self, elem):
        """Two items of an input have not the same value."""
        if isinstance(elem, Num):
            sym = elem.only()
            if sym is not None:
                return grown(sym.growth, alone=False)
        return elem

    def assign_field(self, target, value):
        owner = self.ev(target.value)
        if isinstance(owner, Inst):
            old = owner.fields.get(target.attr)
            if isinstance(old, Num) and isinstance(value, Num) \
                    and self.frames:
                value = join(old, value)
            owner.fields[target.attr] = value
            self.name_value(value, target.attr)
        elif isinstance(owner, Any):
            owner.fields[target.attr] = value
        elif isinstance(owner, Class):
            owner.scope.names[target.attr] = value

    def assign_item(self, target, value, node):
        seq = self.ev(target.value)
        if isinstance(target.slice, ast.Slice):
            self.ev(target.slice)
            self.charge(growth_of(value) if isinstance(value, Seq) else ONE,
                        node, "a slice is assigned")
            if isinstance(seq, Seq) and isinstance(value, Seq):
                self.put(seq, value.elem)
                if seq.length.known():
                    seq.length = value.length
            return
        key = self.ev(target.slice)
        if not isinstance(seq, Seq):
            return
        self.index_tells(seq, key)
        if seq.kind == "dict":
            seq.key = join(seq.key, key)
            held = seq.elem
            self.put(seq, value)
            if not (isinstance(key, Num) and key.known()):
                few = self.few(key)
                if few is not None:
                    seq.length = grown(few)
                elif held is UNKNOWN or not seq.length.parts or self.frames:
                    self.grow(seq, number(1))
            self.wrote(seq)
        else:
            if seq.items is not None:
                if isinstance(key, Num) and key.known() \
                        and isinstance(key.const, int) \
                        and -len(seq.items) <= key.const < len(seq.items):
                    seq.items[key.const] = join(
                        seq.items[key.const], value)
                else:
                    seq.items = None
            self.put(seq, value)
            self.wrote(seq)

    def few(self, key):
        """How many different keys there can be, where that is known."""
        if isinstance(key, Seq) and key.kind == "char":
            return ONE
        if isinstance(key, Num) and key.parts:
            sym = key.only()
            if sym is not None and sym.loop is not None \
                    and sym.growth == sym.loop.iters:
                return sym.growth
        return None
