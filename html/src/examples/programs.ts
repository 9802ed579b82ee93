export interface Example {
  title: string;
  about: string;
  code: string;
  language?: string; // it needs this one
}

export const EXAMPLES: Example[] = [
  {
    title: 'Sorting',
    about: 'Merge sort, and how its time grows',
    code: `import random
import time


def merge_sort(items):
    if len(items) < 2:
        return items
    middle = len(items) // 2
    left, right = merge_sort(items[:middle]), merge_sort(items[middle:])
    merged, i, j = [], 0, 0
    while i < len(left) and j < len(right):
        if left[i] <= right[j]:
            merged.append(left[i])
            i += 1
        else:
            merged.append(right[j])
            j += 1
    return merged + left[i:] + right[j:]


for size in (1_000, 2_000, 4_000, 8_000, 16_000):
    numbers = [random.random() for _ in range(size)]
    start = time.perf_counter()
    assert merge_sort(numbers) == sorted(numbers)
    print(f"{size:>7,} numbers: {(time.perf_counter() - start) * 1000:7.1f} ms")
`,
  },
  {
    title: 'Searching',
    about: 'Binary search, step by step',
    code: `def search(items, wanted):
    low, high = 0, len(items)
    while low < high:
        middle = (low + high) // 2
        print(f"  between {low} and {high}: {items[middle]}?")
        if items[middle] < wanted:
            low = middle + 1
        else:
            high = middle
    return low if low < len(items) and items[low] == wanted else None


squares = [n * n for n in range(1_000)]

for wanted in (144, 998_001, 50):
    print(f"Looking for {wanted}:")
    print(f"  found at {search(squares, wanted)}\\n")
`,
  },
  {
    title: 'Recursion',
    about: 'The towers of Hanoi, and a cache that saves work',
    code: `from functools import lru_cache


def hanoi(discs, start="A", goal="C", other="B"):
    if discs == 0:
        return 0
    moves = hanoi(discs - 1, start, other, goal)
    print(f"disc {discs}: {start} to {goal}")
    return moves + 1 + hanoi(discs - 1, other, goal, start)


print(f"{hanoi(4)} moves\\n")


@lru_cache(maxsize=None)
def fibonacci(n):
    return n if n < 2 else fibonacci(n - 1) + fibonacci(n - 2)


print("fibonacci(200) =", fibonacci(200))
print(fibonacci.cache_info())
`,
  },
  {
    title: 'Data classes',
    about: 'A small library, sorted and counted',
    code: `from collections import Counter
from dataclasses import dataclass, field
from operator import attrgetter


@dataclass(order=True)
class Book:
    year: int
    title: str = field(compare=False)
    author: str = field(compare=False)
    pages: int = field(default=0, compare=False)


shelf = [
    Book(1925, "Mrs Dalloway", "Virginia Woolf", 194),
    Book(1927, "To the Lighthouse", "Virginia Woolf", 209),
    Book(1922, "Ulysses", "James Joyce", 730),
    Book(1924, "The Magic Mountain", "Thomas Mann", 706),
]

for book in sorted(shelf):
    print(f"{book.year}  {book.title:<20} {book.author}")

print("\\nLongest:", max(shelf, key=attrgetter("pages")))
print("By author:", Counter(map(attrgetter("author"), shelf)))
`,
  },
  {
    title: 'A game',
    about: 'Guess a number: it asks, you type',
    code: `import random

number = random.randint(1, 100)
tries = 0

print("I think of a number from 1 to 100.")

while True:
    answer = input("Your guess: ")
    if not answer.strip().isdigit():
        print("A number, please.")
        continue
    tries += 1
    guess = int(answer)
    if guess == number:
        break
    print("Too low." if guess < number else "Too high.")

print(f"Yes! It took you {tries} tries.")
`,
  },
  {
    title: 'Generators',
    about: 'Endless series, one value at a time, live',
    code: `import time
from itertools import count, islice, takewhile


def collatz(n):
    while n != 1:
        yield n
        n = n // 2 if n % 2 == 0 else 3 * n + 1
    yield 1


def primes():
    found = []
    for n in count(2):
        if all(n % p for p in takewhile(lambda p: p * p <= n, found)):
            found.append(n)
            yield n


print("27:", *islice(collatz(27), 20), "...")

for prime in islice(primes(), 15):
    print(prime)
    time.sleep(0.2)
`,
  },
  {
    title: 'An error',
    about: 'An exception, and the line that raised it',
    code: `def average(numbers):
    return sum(numbers) / len(numbers)


print("Of three:", average([3, 4, 8]))
print("Of none:", average([]))
`,
  },
  {
    title: 'Something refused',
    about: 'What the rules for programs do not allow',
    code: `# Programs run in a sandbox that has no network and no files. Beside that
# the runtime "python" has a list of modules and names that may be used.

import math
import os
import socket

print(math.pi)
print(os.listdir("/"))
print(eval("1 + 1"))
`,
  },
  {
    title: 'A figure',
    about: 'Drawn with numpy and matplotlib, shown beneath the output',
    language: 'python-open',
    code: `import matplotlib.pyplot as plt
import numpy as np

x = np.linspace(0, 4 * np.pi, 400)

plt.plot(x, np.sin(x), label="sin")
plt.plot(x, np.sin(x) * np.exp(-x / 6), label="damped")
plt.legend()
plt.grid(alpha=0.3)
plt.show()
`,
  },
];
