import { describe, expect, it } from 'vitest';
import { append, BLOCK, lineAt, lineCount, noLines, textOf } from './lines';

const all = (...data: string[]) =>
  data.reduce((lines, text) => append(lines, 'stdout', text), noLines);

describe('lines', () => {
  it('joins what comes in pieces', () => {
    const lines = all('he', 'llo\nwor', 'ld');
    expect(lineCount(lines)).toBe(2);
    expect(lineAt(lines, 0)).toBe('hello');
    expect(lineAt(lines, 1)).toBe('world');
    expect(textOf(lines)).toBe('hello\nworld');
  });

  it('leaves the old value as it was', () => {
    const before = all('a\nb');
    append(before, 'stdout', 'c\nd\n');
    expect(textOf(before)).toBe('a\nb');
  });

  it('tells the streams apart within a line', () => {
    const lines = append(all('out '), 'stderr', 'err\n');
    expect(lineAt(lines, 0)).toEqual([
      { source: 'stdout', text: 'out ' },
      { source: 'stderr', text: 'err' },
    ]);
  });

  it('keeps many lines in blocks that it shares', () => {
    const text = Array.from({ length: 3 * BLOCK }, (_, i) => `${i}\n`).join('');
    const lines = all(text);
    const more = append(lines, 'stdout', 'x\n');
    expect(lineCount(lines)).toBe(3 * BLOCK);
    expect(lineAt(lines, 2 * BLOCK)).toBe(`${2 * BLOCK}`);
    expect(more.blocks[0]).toBe(lines.blocks[0]);
    expect(lineAt(more, 3 * BLOCK)).toBe('x');
  });

  it('writes a line anew after a carriage return', () => {
    expect(textOf(all('10%\r', '20%\r', 'done\n'))).toBe('done\n');
    expect(textOf(all('10%\r'))).toBe('10%');
    expect(textOf(all('a\r\nb\r\n'))).toBe('a\nb\n');
    expect(textOf(all('a\r', '\nb'))).toBe('a\nb');
    expect(textOf(all('one\rtwo'))).toBe('two');
  });

  it('counts empty lines', () => {
    expect(lineCount(all('\n\n\n'))).toBe(3);
    expect(lineCount(all(''))).toBe(0);
  });
});
