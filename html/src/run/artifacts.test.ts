import { describe, expect, it } from 'vitest';
import type { Artifact } from '../net/messages';
import {
  bytesOf,
  imageType,
  isWaitedFor,
  newOnes,
  PATTERNS,
  sorted,
  toBase64,
} from './artifacts';

const file = (name: string, more: Partial<Artifact> = {}): Artifact => ({
  name,
  size: 1,
  encoding: 'utf8',
  content: 'x',
  left_out: false,
  ...more,
});

describe('artifacts', () => {
  it.each([
    ['figure-1.png', 'image/png'],
    ['out/A.JPEG', 'image/jpeg'],
    ['a.svg', null],
    ['png', null],
    ['a.png.html', null],
  ])('what is shown as an image: %s', (name, type) => {
    expect(imageType(name)).toBe(type);
  });

  it('come as text or as bytes', () => {
    const data = Uint8Array.from({ length: 70_000 }, (_, i) => i);
    const content = toBase64(data);
    expect(bytesOf(file('a', { encoding: 'base64', content }))).toEqual(data);
    expect(bytesOf(file('a', { content: 'ä' }))).toEqual(
      new Uint8Array([0xc3, 0xa4]),
    );
    expect(bytesOf(file('a', { content: null }))).toBeNull();
  });

  it('that did not fit a message are asked for, those left out are not', () => {
    expect(isWaitedFor(file('a', { content: null }))).toBe(true);
    expect(isWaitedFor(file('a', { content: null, left_out: true }))).toBe(false);
    expect(isWaitedFor(file('a'))).toBe(false);
  });

  it('are not the files that were given, but for changed ones', () => {
    const given = [
      { name: 'same.txt', data: new TextEncoder().encode('x') },
      { name: 'changed.txt', data: new TextEncoder().encode('y') },
    ];
    const all = [file('same.txt'), file('changed.txt'), file('new.txt')];
    expect(newOnes(all, given).map(a => a.name)).toEqual([
      'changed.txt',
      'new.txt',
    ]);
  });

  it('are shown images first, and by number', () => {
    const names = ['b.txt', 'figure-10.png', 'a.csv', 'figure-2.png'];
    expect(sorted(names.map(n => file(n))).map(a => a.name)).toEqual([
      'figure-2.png',
      'figure-10.png',
      'a.csv',
      'b.txt',
    ]);
  });

  it('are named by no more patterns than a server takes', () => {
    expect(PATTERNS.length).toBeLessThanOrEqual(16);
  });
});
