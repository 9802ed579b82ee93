import { describe, expect, it } from 'vitest';
import names from 'virtual:python-names';
import { complete, importsOf, ownNames } from './complete';

const at = (code: string, open = false) => {
  const line = code.split('\n').at(-1)!;
  return complete(code, line, names, open).map(c => c.name);
};

describe('completion', () => {
  it('knows the modules that are allowed, and those alone', () => {
    expect(at('import ')).toEqual(expect.arrayContaining(['math', 'heapq']));
    expect(at('import ')).not.toContain('os');
    expect(at('import math, re')).toContain('re');
    expect(at('from col')).toContain('collections');
    expect(at('import ', true)).toContain('os');
  });

  it("knows a module's public names", () => {
    expect(at('import math\nmath.')).toContain('sqrt');
    expect(at('import heapq as h\nh.')).toContain('heappush');
    expect(at('from itertools import ')).toContain('groupby');
    expect(at('from collections.abc import ')).toContain('Mapping');
    expect(at('math.')).not.toContain('sqrt');
  });

  it("knows the program's own names, and the builtins that are left", () => {
    const found = at('def area(width, height):\n    depth = 1\n    ');
    expect(found).toEqual(
      expect.arrayContaining(['area', 'width', 'height', 'depth', 'print', 'while']),
    );
    expect(found).not.toContain('eval');
    expect(found).not.toContain('open');
  });

  it('does not offer the word that is being written', () => {
    expect(at('x = 1\nzzz')).not.toContain('zzz');
  });

  it('knows methods by what stands before the dot', () => {
    expect(at('s = "a"\ns.')).toContain('upper');
    expect(at('s = []\ns.')).toContain('append');
    expect(at('s = []\ns.')).not.toContain('upper');
    expect(at('s = {}\ns.')).toContain('items');
    expect(at('"x".')).toContain('split');
    expect(at('class A:\n    def go(self):\n        self.n = 1\n        self.')).toEqual(
      expect.arrayContaining(['go', 'n']),
    );
  });

  it('says nothing in comments, numbers and new names', () => {
    expect(at('# pri')).toEqual([]);
    expect(at('x = 1.')).toEqual([]);
    expect(at('def ')).toEqual([]);
  });
});

describe('names', () => {
  it('finds imports', () => {
    const found = importsOf('import math, re as r\nimport collections.abc\n');
    expect([...found]).toEqual([
      ['math', 'math'],
      ['r', 're'],
      ['collections.abc', 'collections.abc'],
    ]);
  });

  it('finds what a program names, and not what its texts say', () => {
    const code = [
      'from math import sqrt as root, pi',
      '"""def ghost(): pass"""',
      'class Box: pass',
      'for i, (j, k) in []: pass',
      'a, b = 1, 2',
      'if (n := 10) == 10: pass',
      'with x as y: pass',
      '# z = 1',
    ].join('\n');
    const found = ownNames(code).map(o => o.name);
    expect(found).toEqual(
      expect.arrayContaining(['root', 'pi', 'Box', 'i', 'j', 'k', 'a', 'b', 'n', 'y']),
    );
    expect(found).not.toContain('ghost');
    expect(found).not.toContain('z');
  });
});
