// How it stands between this page and its server.

import { create } from 'zustand';
import type { LinkState } from './link';
import type { Runtime } from './messages';

interface Server {
  link: LinkState;
  lost: boolean; // there was a connection, and it was lost
  runtimes: Runtime[];
  sandboxAway: boolean;
  analyzer: { available: boolean; name: string } | null; // null: not known
  notBefore: number; // 429: when it may be tried again
}

export const useServer = create<Server>()(() => ({
  link: { name: 'closed' },
  lost: false,
  runtimes: [],
  sandboxAway: false,
  analyzer: null,
  notBefore: 0,
}));
