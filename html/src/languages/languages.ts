// What the page knows of languages: how the editor calls them, and a program
// to begin with.  Which there are, the server says.

export interface Language {
  mode: string; // Monaco's name
  hello: string;
}

const PLAIN: Language = { mode: 'plaintext', hello: '' };

const LANGUAGES: Record<string, Language> = {
  python: {
    mode: 'python',
    hello: `# Ctrl+Enter runs it. Nothing you write here leaves this page before that.

def primes(limit):
    """All primes below limit, by the sieve of Eratosthenes."""
    sieve = [True] * limit
    for n in range(2, limit):
        if sieve[n]:
            yield n
            for multiple in range(n * n, limit, n):
                sieve[multiple] = False


print(*primes(100))
`,
  },
  bash: {
    mode: 'shell',
    hello: `for name in "\${@:-world}"; do
    echo "Hello, $name!"
done
`,
  },
  c: {
    mode: 'c',
    hello: `#include <stdio.h>

int
main(void)
{
    puts("Hello, world!");

    return 0;
}
`,
  },
  cpp: {
    mode: 'cpp',
    hello: `#include <iostream>

int main()
{
    std::cout << "Hello, world!\\n";
}
`,
  },
  go: {
    mode: 'go',
    hello: `package main

import "fmt"

func main() {
	fmt.Println("Hello, world!")
}
`,
  },
  java: {
    mode: 'java',
    hello: `public class Main {
    public static void main(String[] args) {
        System.out.println("Hello, world!");
    }
}
`,
  },
  lua: { mode: 'lua', hello: 'print("Hello, world!")\n' },
  node: { mode: 'javascript', hello: "console.log('Hello, world!');\n" },
  perl: {
    mode: 'perl',
    hello: `use strict;
use warnings;

print "Hello, world!\\n";
`,
  },
  rust: {
    mode: 'rust',
    hello: `fn main() {
    println!("Hello, world!");
}
`,
  },
};

// Runtimes of one language share a program: python, python-open.
export function familyOf(runtime: string): string {
  return runtime.split('-', 1)[0]!;
}

export function languageOf(runtime: string): Language {
  return LANGUAGES[familyOf(runtime)] ?? PLAIN;
}
