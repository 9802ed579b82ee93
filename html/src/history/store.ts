// This browser's own runs, newest first.

import { create } from 'zustand';
import { persist } from 'zustand/middleware';
import type { EndStatus } from '../net/messages';
import { kept } from '../ui/storage';

export interface Entry {
  id: string;
  at: number;
  code: string;
  language: string;
  status: EndStatus | 'draft';
  summary: string;
  output: string; // its beginning
}

const MOST = 50;
const OUTPUT = 600;

interface History {
  entries: Entry[];
  add(entry: Omit<Entry, 'id' | 'at'>): void;
  remove(id: string): void;
  clear(): void;
}

export function added(
  entries: readonly Entry[],
  entry: Omit<Entry, 'id' | 'at'>,
  at: number,
): Entry[] {
  const output = entry.output.slice(0, OUTPUT);
  const id = `${at}-${entries.length}`;

  return [{ ...entry, output, id, at }, ...entries].slice(0, MOST);
}

export const useHistory = create<History>()(
  persist(
    set => ({
      entries: [],
      add: entry =>
        set(state => ({ entries: added(state.entries, entry, Date.now()) })),
      remove: id =>
        set(state => ({ entries: state.entries.filter(e => e.id !== id) })),
      clear: () => set({ entries: [] }),
    }),
    {
      name: 'coderemote.history',
      storage: kept,
      partialize: ({ entries }) => ({ entries }) as History,
    },
  ),
);
