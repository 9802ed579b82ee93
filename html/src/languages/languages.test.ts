import { describe, expect, it } from 'vitest';
import { familyOf, languageOf } from './languages';

const names = Object.keys(
  import.meta.glob('../../../conf/runtimes.d/*.conf', { query: '?raw' }),
).map(path => path.replace(/^.*\/(.*)\.conf$/, '$1'));

describe('languages', () => {
  it('are those of the profiles', () => {
    expect(names).toContain('python-open');
  });

  it.each(names)('%s has a program to begin with', name => {
    expect(languageOf(name).mode).not.toBe('plaintext');
    expect(languageOf(name).hello).not.toBe('');
  });

  it('share a program where they are one', () => {
    expect(familyOf('python-open')).toBe(familyOf('python'));
    expect(familyOf('cpp')).not.toBe(familyOf('c'));
  });

  it('that nobody knows are plain text', () => {
    expect(languageOf('cobol')).toEqual({ mode: 'plaintext', hello: '' });
  });
});
