import { describe, expect, it } from 'vitest';
import type { ServerMessage } from '../net/messages';
import { pretty } from './notation';
import { asked, noAnalysis, reduceAnalysis } from './reducer';

const tell = (...messages: object[]) =>
  reduceAnalysis(
    asked('r', 'x', 'python'),
    messages.map(m => ({ request_id: 'r', ...m }) as ServerMessage),
  );

describe('an analysis', () => {
  it('streams, then has its result', () => {
    const started = { type: 'analysis.started', provider: 'builtin', model: null };
    const chunk = (text: string) => ({ type: 'analysis.chunk', text });
    let state = tell(started, chunk('one '), chunk('two'));
    expect([state.phase, state.text, state.provider]).toEqual([
      'streaming',
      'one two',
      'builtin',
    ]);
    state = tell(started, chunk('one'), {
      type: 'analysis.result',
      success: true,
      time_complexity: 'O(n)',
      narrative: 'one.',
      error: null,
    });
    expect([state.phase, state.text]).toEqual(['done', 'one.']);
    expect(state.result?.time_complexity).toBe('O(n)');
  });

  it('fails with what the server says', () => {
    const failed = { type: 'analysis.result', success: false, error: 'why' };
    expect(tell(failed)).toMatchObject({ phase: 'failed', error: 'why' });
    const error = { type: 'error', code: 'refused', message: 'later' };
    expect(tell(error)).toMatchObject({ phase: 'failed', error: 'later' });
    expect(tell({ ...error, code: 'going_away' }).phase).toBe('asking');
  });

  it('begins again when another analyzer takes over', () => {
    const state = tell(
      { type: 'analysis.started', analysis_id: 'a', provider: 'gemini' },
      { type: 'analysis.chunk', text: 'half' },
      { type: 'analysis.started', analysis_id: 'a', provider: 'builtin', notice: 'why' },
      { type: 'analysis.chunk', text: 'whole' },
    );
    expect(state).toMatchObject({
      text: 'whole',
      provider: 'builtin',
      notice: 'why',
      analysisId: 'a',
    });
  });

  it('takes no answer to another question', () => {
    const chunk = { type: 'analysis.chunk', text: 'x', request_id: 'q' };
    expect(tell(chunk).text).toBe('');
    expect(reduceAnalysis(noAnalysis, [chunk as ServerMessage])).toBe(noAnalysis);
  });
});

describe('notation', () => {
  it.each([
    ['O(n^2)', 'O(n²)'],
    ['O(n**3)', 'O(n³)'],
    ['O(2^n)', 'O(2ⁿ)'],
    ['O(n * m)', 'O(n · m)'],
    ['O(n^{10})', 'O(n¹⁰)'],
    ['O(sqrt(n))', 'O(√n)'],
    ['O(n log n)', 'O(n log n)'],
    ['O(n^2.81)', 'O(n^2.81)'],
  ])('%s is %s', (from, to) => {
    expect(pretty(from)).toBe(to);
  });
});
