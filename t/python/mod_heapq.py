# expect: {"status": "completed", "stdout": "[0, 1, 4, 5]\n[5, 3] ['a', 'b'] [1, 2, 3]\n1 0 [2, 9, 3]\n{'a': 0, 'b': 1, 'c': 3}\n", "exit_code": 0}
import heapq
from heapq import heapify, heappop, heappush, nlargest, nsmallest
h = [5, 1, 4]
heapify(h)
heappush(h, 0)
print([heappop(h) for _ in range(len(h))])
print(nlargest(2, [1, 5, 3]), nsmallest(2, "cab"), list(heapq.merge([1, 3], [2])))
h = [1, 2, 3]
print(heapq.heapreplace(h, 9), heapq.heappushpop(h, 0), h)
graph = {"a": {"b": 1, "c": 4}, "b": {"c": 2}, "c": {}}
dist, todo = {}, [(0, "a")]
while todo:
    d, n = heappop(todo)
    if n not in dist:
        dist[n] = d
        for m, w in graph[n].items():
            heappush(todo, (d + w, m))
print(dist)
