// Files that go with the program: in this tab alone, until it is closed.

import { create } from 'zustand';

export interface File {
  name: string;
  data: Uint8Array;
}

interface Files {
  files: readonly File[];
  problem: string | null;
  add(files: readonly File[]): void;
  refuse(problem: string): void;
  remove(name: string): void;
}

export const sizeOf = (files: readonly File[]) =>
  files.reduce((sum, { data }) => sum + data.length, 0);

// One of the same name is replaced.
export function added(
  files: readonly File[],
  more: readonly File[],
): readonly File[] {
  const names = new Set(more.map(f => f.name));
  return [...files.filter(f => !names.has(f.name)), ...more];
}

export const useFiles = create<Files>()(set => ({
  files: [],
  problem: null,
  add: more =>
    set(state => ({ files: added(state.files, more), problem: null })),
  refuse: problem => set({ problem }),
  remove: name =>
    set(state => ({
      files: state.files.filter(f => f.name !== name),
      problem: null,
    })),
}));
