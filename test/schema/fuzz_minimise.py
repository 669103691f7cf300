"""Makes a failing pair of models smaller while it fails in the same way."""

import time

from fuzz_model import marks

STRUCTURE = {"parent", "definition", "type", "labels", "items", "from", "keys"}


class Minimiser:
    def __init__(self, a, b, fails, seconds):
        self.a, self.b, self.fails = a, b, fails
        self.end = time.time() + seconds

    def attempt(self, change):
        """change(a, b) on copies; False from it: nothing to try."""
        if time.time() > self.end:
            return False
        a, b = self.a.copy(), self.b.copy()
        try:
            if change(a, b) is False or not sound(a) or not sound(b) or not self.fails(a, b):
                return False
        except (KeyError, IndexError, AttributeError, TypeError, RecursionError):
            return False
        self.a, self.b = a, b
        return True

    def run(self):
        while time.time() < self.end:
            changed = self.without_nodes() | self.alike() | self.without_values()
            if not changed:
                break
        return self.a, self.b

    def numbers(self):
        return sorted((set(self.a.nodes) | set(self.b.nodes)) - {self.a.public.id}, reverse=True)

    def without_nodes(self):
        changed = False
        size = max(1, len(self.numbers()) // 2)
        while True:
            numbers = self.numbers()
            for start in range(0, len(numbers), size):
                chunk = numbers[start:start + size]

                def change(a, b):
                    for model in (a, b):
                        for number in chunk:
                            if number in model.nodes:
                                model.drop(number)
                    return bool(set(chunk) & (set(self.a.nodes) | set(self.b.nodes)))

                changed |= self.attempt(change)
            if size == 1:
                return changed
            size //= 2

    def alike(self):
        """Takes edits away."""
        changed = False
        for number in self.numbers():
            a, b = self.a.nodes.get(number), self.b.nodes.get(number)
            if a is None or b is None:
                changed |= self.attempt(lambda a, b: [m.drop(number) for m in (a, b) if number in m.nodes] and None)
                changed |= self.attempt(lambda a, b: give(a, b, number) if number in a.nodes else give(b, a, number))
            elif dict(a) != dict(b):
                changed |= self.attempt(lambda a, b: give(a, b, number)) or self.attempt(lambda a, b: give(b, a, number))
                for key in set(a) | set(b):
                    changed |= self.attempt(lambda a, b: share(a.nodes[number], b.nodes[number], key))
        return changed

    def without_values(self):
        changed = False
        for number in self.numbers():
            node = self.a.nodes.get(number) or self.b.nodes.get(number)
            if node is None:
                continue
            if node.kind not in ("operator", "extension", "cast") and not node["name"].startswith("n%d" % number) and node["name"]:
                changed |= self.attempt(lambda a, b: rename(a, b, number))
            for key in [k for k in node if k not in STRUCTURE and k != "name"]:
                changed |= self.attempt(lambda a, b: drop_value(a, b, number, key))
            for key in [k for k, value in node.items() if isinstance(value, list)]:
                for position in range(len(node[key]) - 1, -1, -1):
                    changed |= self.attempt(lambda a, b: drop_item(a, b, number, key, position))
            if node.get("type", "integer") != "integer":
                changed |= self.attempt(lambda a, b: plain_type(a, b, number))
        return changed


def sound(model):
    return all(number in model.nodes for node in model.nodes.values() for number in marks(node))


def give(source, target, number):
    if number not in source.nodes or target.nodes.get(number) == source.nodes[number]:
        return False
    target.nodes[number] = source.nodes[number].copy()
    return None


def share(a, b, key):
    if a.get(key) == b.get(key):
        return False
    if key in a:
        b[key] = a[key]
    else:
        del b[key]
    return None


def both(a, b, number):
    return [model.nodes[number] for model in (a, b) if number in model.nodes]


def rename(a, b, number):
    nodes = both(a, b, number)
    for node in nodes:
        if node["name"] != nodes[0]["name"]:
            return False
        node["name"] = "n%d" % number
    return None


def drop_value(a, b, number, key):
    for model in (a, b):
        node = model.nodes.get(number)
        if node is None or key not in node:
            continue
        if key == "schema" and node.kind != "default_privileges":
            if node[key] == model.public.mark:
                return False
            node[key] = model.public.mark
        else:
            del node[key]
    return None


def drop_item(a, b, number, key, position):
    for node in both(a, b, number):
        if position < len(node.get(key, [])):
            node[key] = node[key][:position] + node[key][position + 1:]
    return None


def plain_type(a, b, number):
    nodes = both(a, b, number)
    if len({node["type"] for node in nodes}) > 1:
        return False
    for node in nodes:
        node["type"] = "integer"
    return None
