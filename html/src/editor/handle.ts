// The editor that is there just now: plain at first, Monaco later.

interface Handle {
  focus(): void;
  reveal(line: number, column: number): void;
}

let current: Handle | null = null;

export function setEditor(handle: Handle | null): void {
  current = handle;
}

export const focusEditor = () => current?.focus();

export const reveal = (line: number, column: number) =>
  current?.reveal(line, column);
