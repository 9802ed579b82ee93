import { deflateSync, strFromU8, strToU8 } from 'fflate';
import { describe, expect, it } from 'vitest';
import { decode, encode } from './codec';

const link = (text: string) => {
  const packed = deflateSync(strToU8(text));
  const base64 = btoa(strFromU8(packed, true)).replace(/=+$/, '');
  return `#1.${base64.replaceAll('+', '-').replaceAll('/', '_')}`;
};

describe('a shared program', () => {
  it.each([
    ['print(1)\n', 'python'],
    ['', 'python'],
    ['print("äöü 漢字 🐍")\r\n\t\0', 'python-open'],
    ['x = 1\n'.repeat(2000), 'python'],
  ])('comes back as it was: %#', (code, language) => {
    expect(decode(encode({ code, language }))).toEqual({ code, language });
  });

  it('is short, and fit for an address', () => {
    const hash = encode({ code: 'print(i)\n'.repeat(500), language: 'python' });
    expect(hash).toMatch(/^#1\.[\w-]+$/);
    expect(hash.length).toBeLessThan(200);
  });

  it.each([
    '',
    '#',
    '#settings',
    '#1.',
    '#1.%%%',
    '#1.AAAA',
    '#2.AAAA',
    link('[]'),
    link('{"c":1}'),
    link('{"c":"x","l":2}'),
    link('null'),
    link('{"c":'),
  ])('is nothing else: %s', hash => {
    expect(decode(hash)).toBeNull();
  });

  it('does not unpack without end', () => {
    const bomb = link(JSON.stringify({ c: 'x'.repeat(8 << 20) }));
    expect(bomb.length).toBeLessThan(20_000);
    expect(decode(bomb)).toBeNull();
  });
});
