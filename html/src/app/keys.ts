// Keys that work wherever the focus is, and what the sheet says of them.

import { useEffect } from 'react';
import { analyze, run, stop } from '../run/runner';
import { focusEditor } from '../editor/handle';
import { open, show, useView } from './sheets';

const isMac = /Mac|iPhone|iPad/.test(navigator.platform);

export const CTRL = isMac ? '⌘' : 'Ctrl';

interface Shortcut {
  keys: string[];
  does: string;
  matches?(event: KeyboardEvent): boolean;
  act?(): void;
}

const command = (event: KeyboardEvent) =>
  isMac ? event.metaKey : event.ctrlKey;

export const RUN_KEYS = `${CTRL}+Enter`;

export function runAndShow(): void {
  show('console');
  run();
}

export function analyzeAndShow(): void {
  show('analysis');
  analyze();
}

function focusConsole(): void {
  show('console');
  requestAnimationFrame(() => {
    const to =
      document.querySelector<HTMLElement>('#console-input') ??
      document.querySelector<HTMLElement>('#console-output');
    to?.focus();
  });
}

export const SHORTCUTS: Shortcut[] = [
  {
    keys: [CTRL, 'Enter'],
    does: 'Run the program',
    matches: e => command(e) && !e.shiftKey && e.key === 'Enter',
    act: runAndShow,
  },
  {
    keys: [CTRL, 'Shift', 'Enter'],
    does: 'Analyse its time and space',
    matches: e => command(e) && e.shiftKey && e.key === 'Enter',
    act: analyzeAndShow,
  },
  {
    keys: [CTRL, '.'],
    does: 'Stop it',
    matches: e => command(e) && e.key === '.',
    act: stop,
  },
  {
    keys: ['F6'],
    does: 'From the editor to the console, and back',
    matches: e => e.key === 'F6' && !e.shiftKey,
    act: () => {
      const inConsole = document.activeElement?.closest('.side') != null;
      inConsole ? focusEditor() : focusConsole();
    },
  },
  {
    keys: ['F1'],
    does: 'This help',
    matches: e => e.key === 'F1',
    act: () => open('shortcuts'),
  },
  { keys: ['Enter'], does: 'In the input line: send it to the program' },
  { keys: ['Ctrl', 'D'], does: 'In the input line: end the input' },
  { keys: ['Ctrl', 'Space'], does: 'In the editor: complete' },
  { keys: [CTRL, 'F'], does: 'In the editor: find' },
  { keys: [CTRL, '/'], does: 'In the editor: comment lines out' },
  { keys: ['F8'], does: 'In the editor: to the next problem' },
  { keys: ['Ctrl', 'M'], does: 'In the editor: let Tab move the focus' },
];

export function useShortcuts(): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.isComposing || useView.getState().sheet !== null) {
        return;
      }
      for (const { matches, act } of SHORTCUTS) {
        if (matches?.(event)) {
          event.preventDefault();
          event.stopPropagation();
          act?.();
          return;
        }
      }
    };
    // Before the editor, which has uses of its own for some of them.
    addEventListener('keydown', onKey, true);
    return () => removeEventListener('keydown', onKey, true);
  }, []);
}
