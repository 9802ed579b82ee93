import { create } from 'zustand';
import { persist } from 'zustand/middleware';
import { kept } from '../ui/storage';

export type Theme = 'system' | 'light' | 'dark';

export const FONT_SIZES = [12, 13, 14, 15, 16, 18, 20, 24] as const;

interface Settings {
  theme: Theme;
  fontSize: number;
  wrap: boolean;
  language: string;
  split: number; // the editor's share of the width, in percent
  set(change: Partial<Omit<Settings, 'set'>>): void;
}

export const useSettings = create<Settings>()(
  persist(
    set => ({
      theme: 'system',
      fontSize: 14,
      wrap: false,
      language: 'python',
      split: 56,
      set: change => set(change),
    }),
    {
      name: 'coderemote.settings',
      storage: kept,
      partialize: ({ set: _, ...rest }) => rest as Settings,
    },
  ),
);

const dark = matchMedia('(prefers-color-scheme: dark)');

export function isDark(theme: Theme): boolean {
  return theme === 'system' ? dark.matches : theme === 'dark';
}

// The page's style sheets ask for this attribute and for nothing else.
function show(): void {
  const { theme, fontSize } = useSettings.getState();
  const root = document.documentElement;

  root.dataset.theme = isDark(theme) ? 'dark' : 'light';
  root.style.setProperty('--code-size', `${fontSize}px`);
}

export function followTheme(changed: () => void): () => void {
  const both = () => {
    show();
    changed();
  };
  const stop = useSettings.subscribe(both);

  dark.addEventListener('change', both);

  return () => {
    stop();
    dark.removeEventListener('change', both);
  };
}

show();
followTheme(() => undefined);
