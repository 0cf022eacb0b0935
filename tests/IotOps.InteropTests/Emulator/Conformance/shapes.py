"""Values that a shape of a service's model allows, and values that it forbids by one."""
import re

MAX_TEXT = 300_000
MAX_ITEMS = 12_000
STRANGE = ("!", " ", "*", "\u00e9", "%", "{", "\n", "$", "/", "a", "-")
CLASSES = {r"\p{L}": "a-zA-Z\u00c0-\u024f", r"\p{Z}": " ", r"\p{N}": "0-9", r"\p{P}": "!-/:-@", r"\p{Graph}": "!-~"}


def pattern_of(shape):
    """The pattern as Python reads it; None when there is none, or when Python cannot."""
    text = shape.metadata.get("pattern")
    if text is None:
        return None
    for name, members in CLASSES.items():
        text = text.replace("[" + name + "]", "[" + members + "]").replace(name, members)
    try:
        return re.compile(text)
    except re.error:
        return None


def matches(shape, text):
    pattern = pattern_of(shape)
    return pattern is None or pattern.fullmatch(text) is not None


def valid(shape, values, path=(), optional=False):
    """The smallest value of a shape; `values` knows what only its service does, by path or by the last name of it."""
    for key in (".".join(path), path[-1] if path else ""):
        if key in values:
            return values[key]
    kind = shape.type_name
    if kind == "structure":
        members = shape.members if optional else {name: shape.members[name] for name in shape.required_members}
        if getattr(shape, "is_tagged_union", False):
            members = dict(list(shape.members.items())[:1])
        return {name: valid(member, values, path + (name,)) for name, member in members.items()}
    if kind == "list":
        return [valid(shape.member, values, path + ("[]",))] * max(1, shape.metadata.get("min", 1))
    if kind == "map":
        return {valid(shape.key, values, path + ("key",)): valid(shape.value, values, path + ("value",))}
    if kind == "string":
        if shape.enum:
            return shape.enum[0]
        text = "abc".ljust(shape.metadata.get("min", 0), "a")[: shape.metadata.get("max", 10_000)]
        for candidate in (text, "1234567890"[: len(text)].ljust(len(text), "1"), "arn:aws:iot:us-east-1:123456789012:thing/a", "a/b"):
            if matches(shape, candidate):
                return candidate
        return text
    if kind in ("integer", "long"):
        return shape.metadata.get("min", min(1, shape.metadata.get("max", 1)))
    if kind in ("double", "float"):
        return 1.0
    if kind == "timestamp":
        return 1_767_225_600
    return {"boolean": True, "blob": b"x"}.get(kind, "x")


def longer(shape, value, limit):
    if isinstance(value, str):
        return value + (value[-1:] or "a") * (limit + 1 - len(value))
    if isinstance(value, dict):
        return dict(value, **{f"k{i}": next(iter(value.values())) for i in range(limit + 1 - len(value))})
    return [value[0]] * (limit + 1) if value else None


def violations(shape, value):
    """Pairs of what is violated and the value that does so by one."""
    low, high = shape.metadata.get("min"), shape.metadata.get("max")
    kind = shape.type_name
    if kind in ("integer", "long", "double", "float"):
        if low is not None:
            yield "min", low - 1
        if high is not None:
            yield "max", high + 1
        return
    if kind not in ("string", "list", "map"):
        return
    if low and kind == "string":
        yield "min", value[: low - 1]
    elif low and kind == "list":
        yield "min", value[: low - 1]
    elif low and kind == "map":
        yield "min", dict(list(value.items())[: low - 1])
    if high is not None and high <= (MAX_TEXT if kind == "string" else MAX_ITEMS):
        over = longer(shape, value, high)
        if over is not None:
            yield "max", over
    if kind == "string" and shape.enum:
        yield "enum", "NOT_IN_THE_ENUM"
    elif kind == "string" and pattern_of(shape) is not None:
        most = high or 10_000
        for strange in STRANGE:
            text = (value[: most - 1] + strange)[-most:]
            if not matches(shape, text):
                yield "pattern", text
                break


def wrong_type(shape):
    """A JSON value of another type."""
    return {"string": 7, "integer": "x", "long": "x", "double": "x", "float": "x", "boolean": "x", "list": "x", "map": "x", "structure": "x", "timestamp": {}}.get(shape.type_name)
