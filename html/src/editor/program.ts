// The text in the editor, one for each language.  It survives a reload, and an
// editor that is exchanged for another one.

import { create } from 'zustand';
import { familyOf, languageOf } from '../languages/languages';
import { useSettings } from '../settings/store';
import { local } from '../ui/storage';

function key(runtime: string): string {
  const family = familyOf(runtime);
  return family === 'python'
    ? 'coderemote.program'
    : `coderemote.program.${family}`;
}

function kept(runtime: string): string {
  return local.getItem(key(runtime)) ?? languageOf(runtime).hello;
}

interface Program {
  code: string;
  // Counts the texts that came from elsewhere than the keyboard, so that the
  // editor knows when to show another one.
  loaded: number;
  type(code: string): void;
  load(code: string): void;
}

export const useProgram = create<Program>()(set => ({
  code: kept(useSettings.getState().language),
  loaded: 0,
  type: code => set({ code }),
  load: code => set(state => ({ code, loaded: state.loaded + 1 })),
}));

let timer: ReturnType<typeof setTimeout> | undefined;

function keep(): void {
  clearTimeout(timer);
  timer = undefined;
  local.setItem(
    key(useSettings.getState().language),
    useProgram.getState().code,
  );
}

useProgram.subscribe(() => {
  timer ??= setTimeout(keep, 300);
});

// Another language has a program of its own.
export function choose(language: string): void {
  const { language: before, set } = useSettings.getState();

  if (familyOf(before) === familyOf(language)) {
    set({ language });
    return;
  }
  keep();
  set({ language });
  useProgram.getState().load(kept(language));
}

addEventListener('pagehide', keep);
document.addEventListener('visibilitychange', () => {
  if (document.visibilityState === 'hidden') {
    keep();
  }
});
