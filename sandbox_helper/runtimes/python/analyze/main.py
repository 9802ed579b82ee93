# Part of zygote-python: the analysis of a program's complexity.

import ast
import json


def depth(node):
    most = 0
    for child in ast.iter_child_nodes(node):
        most = max(most, depth(child))
    return most + isinstance(node, (ast.For, ast.While, ast.comprehension))


def report(text):
    """The whole answer, a JSON object, of a program's text."""
    try:
        tree = ast.parse(text)
    except SyntaxError as e:
        return json.dumps({"success": False, "error":
                           f"{e.msg} (line {e.lineno}, column {e.offset})"})
    n = depth(tree)
    time = "O(1)" if n == 0 else "O(n)" if n == 1 else f"O(n^{n})"
    return json.dumps({
        "success": True, "time_complexity": time,
        "space_complexity": "unknown",
        "time_explanation": f"The program has loops {n} deep.",
        "space_explanation": "Not counted yet.",
        "algorithm_identified": None, "suggestions": [],
        "narrative": "", "error": None})
