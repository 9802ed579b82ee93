// What a console shows, as a value: appending answers a new one that shares
// nearly all with the old.  Lines lie in blocks, of which only the last is
// copied, so that a hundred thousand of them cost no more each than the first.

import type { Stream } from '../net/messages';

export type Source = Stream | 'stdin';

export interface Segment {
  source: Source;
  text: string;
}

// A string is a line of stdout alone, as nearly all are.
export type Line = string | readonly Segment[];

export interface Lines {
  readonly blocks: readonly (readonly Line[])[];
  readonly complete: number;
  readonly open: readonly Segment[]; // the line that has not ended
  readonly rewind: boolean; // what comes next overwrites that line
}

export const BLOCK = 1024;

export const noLines: Lines = {
  blocks: [],
  complete: 0,
  open: [],
  rewind: false,
};

function extend(line: Segment[], source: Source, text: string): void {
  const last = line.at(-1);

  if (last?.source === source) {
    line[line.length - 1] = { source, text: last.text + text };
  } else {
    line.push({ source, text });
  }
}

function packed(line: readonly Segment[]): Line {
  if (line.length === 0) {
    return '';
  }
  return line.length === 1 && line[0]!.source === 'stdout'
    ? line[0]!.text
    : line;
}

export function append(lines: Lines, source: Source, data: string): Lines {
  if (data === '') {
    return lines;
  }

  const pieces = data.split('\n');
  const blocks = lines.blocks.slice();
  let block: Line[] = blocks.pop()?.slice() ?? [];
  let open = lines.open.slice();
  let rewind = lines.rewind;

  pieces.forEach((piece, i) => {
    const ends = i < pieces.length - 1;
    let text = piece;

    if (rewind && text !== '') {
      open = [];
      rewind = false;
    }

    if (text.includes('\r')) {
      // "\r\n" ends a line like "\n"; otherwise the line is written anew.
      if (text.endsWith('\r')) {
        text = text.slice(0, -1);
        rewind = !ends;
      }
      const again = text.lastIndexOf('\r');
      if (again >= 0) {
        open = [];
        text = text.slice(again + 1);
      }
    }

    if (text !== '') {
      extend(open, source, text);
    }

    if (ends) {
      if (block.length === BLOCK) {
        blocks.push(block);
        block = [];
      }
      block.push(packed(open));
      open = [];
      rewind = false;
    }
  });

  if (block.length > 0) {
    blocks.push(block);
  }

  return {
    blocks,
    complete: lines.complete + pieces.length - 1,
    open,
    rewind,
  };
}

export function lineCount(lines: Lines): number {
  return lines.complete + (lines.open.length > 0 ? 1 : 0);
}

export function lineAt(lines: Lines, index: number): Line {
  if (index >= lines.complete) {
    return packed(lines.open);
  }
  return lines.blocks[Math.floor(index / BLOCK)]?.[index % BLOCK] ?? '';
}

export function segments(line: Line): readonly Segment[] {
  return typeof line === 'string' ? [{ source: 'stdout', text: line }] : line;
}

function plain(line: Line): string {
  return typeof line === 'string' ? line : line.map(s => s.text).join('');
}

export function textOf(lines: Lines): string {
  const ended = lines.blocks.flatMap(block => block.map(plain));
  const open = plain(packed(lines.open));

  return ended.map(line => `${line}\n`).join('') + open;
}
