# Part of zygote-python: methods of strings, lists, dicts, sets and queues, and
# the modules that treat a list as a heap or as sorted.

from .model import ONE
from .values import UNKNOWN, Num, Seq, as_num, grown, number

# Methods by what they cost: nothing of note, the sequence, the argument.
CHEAP = {"append", "appendleft", "add", "get", "popitem", "isdigit",
         "isalpha", "isupper", "islower", "isalnum", "isspace", "keys",
         "items", "values", "move_to_end", "empty", "qsize", "full",
         "flush", "close", "startswith", "endswith", "write", "tell",
         "seek", "bit_length", "conjugate", "is_integer", "task_done"}
WHOLE = {"reverse", "copy", "index", "count", "remove", "find", "rfind",
         "replace", "upper", "lower", "strip", "lstrip", "rstrip",
         "capitalize", "title", "swapcase", "encode", "decode", "translate",
         "rindex", "zfill", "casefold", "elements", "clear", "center",
         "ljust", "rjust", "partition", "rpartition", "splitlines",
         "expandtabs"}
TEXT = {"replace", "upper", "lower", "strip", "lstrip", "rstrip",
        "capitalize", "title", "swapcase", "encode", "decode", "translate",
        "zfill", "casefold", "center", "ljust", "rjust", "rstrip",
        "expandtabs"}
MORE = {"append", "appendleft", "add", "put", "push", "write"}
OTHERS = {"split", "rsplit", "join", "format", "sort", "extend",
          "extendleft", "insert", "pop", "popleft", "update", "union",
          "intersection", "difference", "symmetric_difference", "issubset",
          "issuperset", "isdisjoint", "setdefault", "most_common", "rotate",
          "discard", "difference_update", "intersection_update", "subtract",
          "fromkeys", "readline", "read", "readlines", "hex",
          "format_map", "maketrans"}


class Methods:

    methods = CHEAP | WHOLE | OTHERS | MORE

    def f_heapify(self, args, kwargs, node):
        if args and isinstance(args[0], Seq):
            self.charge(args[0].growth(), node, "`heapify` sifts all items")
            self.tell("heap", node)
        return UNKNOWN

    def f_heappush(self, args, kwargs, node):
        if len(args) > 1 and isinstance(args[0], Seq):
            self.grow(args[0], number(1), args[1])
            self.charge(args[0].growth().log(), node, "`heappush` sifts")
            self.tell("heap", node)
        return UNKNOWN

    def f_heappop(self, args, kwargs, node):
        if args and isinstance(args[0], Seq):
            self.charge(args[0].growth().log(), node, "`heappop` sifts")
            self.wrote(args[0])
            return self.taken(args[0])
        return UNKNOWN

    def f_heappushpop(self, args, kwargs, node):
        if args and isinstance(args[0], Seq):
            self.put(args[0], args[-1])
        return self.f_heappop(args, kwargs, node)

    f_heapreplace = f_heappushpop

    def f_nsmallest(self, args, kwargs, node):
        if len(args) < 2:
            return UNKNOWN
        seq, k = self.as_seq(args[1], node), as_num(args[0])
        self.charge(seq.growth() * (ONE + k.growth().log()), node,
                    "the smallest or largest are sought")
        return self.seq("list", k, seq.elem, node)

    f_nlargest = f_nsmallest

    def f_bisect(self, args, kwargs, node):
        if args and isinstance(args[0], Seq):
            self.looked(args[0])
            self.charge(args[0].growth().log(), node,
                        "`bisect` halves the list")
            self.tell("binary search", node)
            return grown(args[0].growth())
        return grown(ONE)

    f_bisect_left = f_bisect_right = f_bisect

    def f_insort(self, args, kwargs, node):
        if len(args) > 1 and isinstance(args[0], Seq):
            self.grow(args[0], number(1), args[1])
            self.charge(args[0].growth(), node,
                        "`insort` moves the items behind")
        return UNKNOWN

    f_insort_left = f_insort_right = f_insort

    def taken(self, seq):
        """An item that a loop takes out: another one each time."""
        frame = next((f for f in reversed(self.frames)
                      if f.kind == "while"), None)
        elem = seq.elem
        if frame is None:
            return self.fresh(elem)
        return self.loop_item_of(elem, frame)

    def loop_item_of(self, elem, frame):
        if isinstance(elem, Num) and elem.parts:
            return grown(elem.growth(), loop=frame)
        if isinstance(elem, Num):
            return grown(ONE, loop=frame)
        if isinstance(elem, Seq) and elem.kind == "tuple" and elem.items:
            return Seq("tuple", elem.length, items=[
                self.loop_item_of(v, frame) for v in elem.items])
        return elem

    def method(self, me, name, args, node):
        if name in WHOLE:
            if name in ("remove", "clear", "reverse"):
                self.wrote(me)
            self.looked(me)
            if name == "clear" or name in ("remove", "count", "index") \
                    and me.kind in ("set", "dict"):
                return grown(ONE)
            if name in ("strip", "rstrip", "lstrip") and me.source:
                return me
            self.charge(me.growth(), node, f"`.{name}()` goes through "
                        + ("a string" if me.kind == "str" else "a list"))
            if name in TEXT:
                made = self.seq("str", me.length, me.elem, node)
                made.source = me.source
                return made
            if name in ("index", "count", "find", "rfind", "rindex"):
                return grown(me.growth())
            if name in ("copy", "elements"):
                made = self.seq(me.kind, me.length, me.elem, node,
                                key=me.key)
                return made
            return UNKNOWN
        if name in ("get", "popitem"):
            self.looked(me)
            if me.kind in ("deque", "list"):
                self.wrote(me)
                return self.taken(me)
            return self.item(me) if len(args) < 2 \
                or me.elem is not UNKNOWN else args[1]
        return grown(ONE)

    def m_append(self, me, args, kwargs, node):
        self.grow(me, number(1), args[0] if args else UNKNOWN)
        return UNKNOWN

    m_appendleft = m_put = m_push = m_append

    def m_add(self, me, args, kwargs, node):
        value = args[0] if args else UNKNOWN
        few = self.few(value)
        if few is not None:
            self.put(me, value)
            self.wrote(me)
            me.length = grown(few)
        else:
            self.grow(me, number(1), value)
        return UNKNOWN

    def m_extend(self, me, args, kwargs, node):
        if args:
            seq = self.as_seq(args[0], node)
            self.charge(seq.growth(), node, "`extend` takes all items")
            self.grow(me, seq.length, seq.elem)
        return UNKNOWN

    def m_update(self, me, args, kwargs, node):
        if args:
            seq = self.as_seq(args[0], node)
            self.charge(seq.growth(), node, "`update` takes all items")
            self.grow(me, seq.length, seq.elem)
        return UNKNOWN

    m_extendleft = m_extend

    def m_insert(self, me, args, kwargs, node):
        self.grow(me, number(1), args[-1] if args else UNKNOWN)
        self.charge(me.growth(), node, "`insert` moves the items behind")
        return UNKNOWN

    def m_pop(self, me, args, kwargs, node):
        self.wrote(me)
        if args and me.kind in ("list",):
            key = args[0]
            last = isinstance(key, Num) and key.known() and key.const == -1
            if not last:
                self.charge(me.growth(), node,
                            "`pop` moves the items behind")
        return self.taken(me)

    def m_popleft(self, me, args, kwargs, node):
        self.wrote(me)
        return self.taken(me)

    def m_discard(self, me, args, kwargs, node):
        self.wrote(me)
        return UNKNOWN

    def m_sort(self, me, args, kwargs, node):
        self.wrote(me)
        self.sorts(me, kwargs, node, "`sort`")
        return UNKNOWN

    def m_rotate(self, me, args, kwargs, node):
        self.wrote(me)
        by = as_num(args[0]) if args else number(1)
        if not by.known():
            self.charge(by.growth(), node, "`rotate` moves items")
        return UNKNOWN

    def m_join(self, me, args, kwargs, node):
        if not args:
            return UNKNOWN
        seq = self.as_seq(args[0], node)
        self.looked(seq)
        self.charge(seq.weight(), node, "`join` copies all parts")
        return self.seq("str", grown(seq.weight()), Seq("char", number(1)),
                        node)

    def m_format(self, me, args, kwargs, node):
        length = ONE
        for value in args:
            if isinstance(value, Seq):
                length = length + value.weight()
        self.charge(length)
        return Seq("str", grown(length), Seq("char", number(1)))

    def m_items(self, me, args, kwargs, node):
        self.looked(me)
        return self.view(me, Seq(
            "tuple", number(2), items=[me.key, me.elem]))

    def m_values(self, me, args, kwargs, node):
        self.looked(me)
        return self.view(me, me.elem)

    def m_keys(self, me, args, kwargs, node):
        self.looked(me)
        made = self.view(me, me.key)
        made.kind = "set"
        return made

    def m_setdefault(self, me, args, kwargs, node):
        self.grow(me, number(1), args[1] if len(args) > 1 else UNKNOWN)
        if args:
            me.key = args[0]
        return me.elem

    def m_most_common(self, me, args, kwargs, node):
        n = me.growth()
        self.charge(n * n.log(), node, "`most_common` sorts")
        length = as_num(args[0]) if args else me.length
        return self.seq("list", length, Seq(
            "tuple", number(2), items=[me.key, me.elem]), node)

    def m_union(self, me, args, kwargs, node):
        growth = me.growth()
        for value in args:
            growth = growth + self.as_seq(value, node).growth()
        self.charge(growth, node, "two sets are put together")
        return self.seq("set", grown(growth), me.elem, node)

    m_intersection = m_difference = m_symmetric_difference = m_union
