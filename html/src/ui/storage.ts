// The browser's storage, which may be full or forbidden: the page works
// without it all the same, and keeps less.

import { createJSONStorage } from 'zustand/middleware';

function quietly<T>(act: () => T): T | null {
  try {
    return act();
  } catch {
    return null;
  }
}

const wrap = (storage: () => Storage) => ({
  getItem: (name: string) => quietly(() => storage().getItem(name)),
  setItem: (name: string, value: string) => {
    quietly(() => storage().setItem(name, value));
  },
  removeItem: (name: string) => {
    quietly(() => storage().removeItem(name));
  },
});

export const local = wrap(() => localStorage);
export const session = wrap(() => sessionStorage);

export const kept = createJSONStorage(() => local);
