// The text in the editor.  It survives a reload, and an editor that is
// exchanged for another one.

import { create } from 'zustand';
import { local } from '../ui/storage';

const KEY = 'coderemote.program';

export const FIRST = `# Ctrl+Enter runs it. Nothing you write here leaves this page before that.

def primes(limit):
    """All primes below limit, by the sieve of Eratosthenes."""
    sieve = [True] * limit
    for n in range(2, limit):
        if sieve[n]:
            yield n
            for multiple in range(n * n, limit, n):
                sieve[multiple] = False


print(*primes(100))
`;

interface Program {
  code: string;
  // Counts the texts that came from elsewhere than the keyboard, so that the
  // editor knows when to show another one.
  loaded: number;
  type(code: string): void;
  load(code: string): void;
}

export const useProgram = create<Program>()(set => ({
  code: local.getItem(KEY) ?? FIRST,
  loaded: 0,
  type: code => set({ code }),
  load: code => set(state => ({ code, loaded: state.loaded + 1 })),
}));

let timer: ReturnType<typeof setTimeout> | undefined;

function keep(): void {
  clearTimeout(timer);
  timer = undefined;
  local.setItem(KEY, useProgram.getState().code);
}

useProgram.subscribe(() => {
  timer ??= setTimeout(keep, 300);
});

addEventListener('pagehide', keep);
document.addEventListener('visibilitychange', () => {
  if (document.visibilityState === 'hidden') {
    keep();
  }
});
