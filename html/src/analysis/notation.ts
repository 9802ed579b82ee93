// O(n^2) as people write it: plain text, which any font and any screen reader
// can say.

const RAISED: Record<string, string> = {
  0: '⁰', 1: '¹', 2: '²', 3: '³', 4: '⁴', 5: '⁵', 6: '⁶', 7: '⁷', 8: '⁸', 9: '⁹',
  n: 'ⁿ', k: 'ᵏ', m: 'ᵐ',
};

export function pretty(text: string): string {
  return text
    .replace(/\s*(?:\^|\*\*)\s*(?:\{?(\d+|[nkm])\}?)(?![\w.])/g, (_, power: string) =>
      [...power].map(c => RAISED[c]).join(''),
    )
    .replace(/\s\*\s/g, ' · ')
    .replace(/\bsqrt\((\w+)\)/g, '√$1');
}
