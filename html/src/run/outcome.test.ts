import { describe, expect, it } from 'vitest';
import { bytes, cutNotice, milliseconds, outcomeOf } from './outcome';
import { noRun, type Run } from './reducer';

const ended = (result: object, status = 'failed'): Run =>
  ({ ...noRun, phase: 'ended', status, result }) as Run;

describe('figures', () => {
  it.each([
    [0.26, '0.3 ms'],
    [69.6, '70 ms'],
    [1570, '1.57 s'],
    [61_000, '1 min 1 s'],
  ])('%d ms', (ms, text) => expect(milliseconds(ms)).toBe(text));

  it.each([
    [100, '100 B'],
    [884 * 1024, '884 KB'],
    [1.5 * 1024 * 1024, '1.5 MB'],
  ])('%d bytes', (count, text) => expect(bytes(count)).toBe(text));
});

describe('the end', () => {
  it.each([
    [{ success: true }, 'Finished', 'good'],
    [{ error_type: 'ValueError' }, 'ValueError', 'bad'],
    [{ error_type: 'SecurityError' }, 'Not allowed here', 'bad'],
    [{ error_type: 'TimeoutError', timed_out: true }, 'Out of time', 'bad'],
    [{ error_type: null, signal: 'SIGSEGV' }, 'SIGSEGV', 'bad'],
    [{ error_type: null, exit_code: 3 }, 'Ended with exit code 3', 'bad'],
  ])('%o', (result, title, tone) => {
    expect(outcomeOf(ended(result))).toMatchObject({ title, tone });
  });

  it('tells what was cut', () => {
    expect(cutNotice(ended({ stdout_truncated: true }))).toMatch(/The output /);
    expect(cutNotice(ended({ stdout_truncated: false }))).toBeNull();
  });
});
