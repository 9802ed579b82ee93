import { describe, expect, it } from 'vitest';
import { noRun, type Run } from '../run/reducer';
import { problemsOf } from './problems';

const ended = (result: object): Run =>
  ({
    ...noRun,
    phase: 'ended',
    status: 'failed',
    result: { security_violations: [], stderr: '', ...result },
  }) as unknown as Run;

describe('problems', () => {
  it('are at a syntax error', () => {
    const error = 'invalid syntax (line 3, column 7)';
    expect(problemsOf(ended({ error_type: 'SyntaxError', error }))).toEqual([
      { kind: 'syntax', line: 3, column: 7, message: 'SyntaxError: invalid syntax' },
    ]);
  });

  it('are at every violation', () => {
    const security_violations = [
      { line: 1, column: 1, message: 'a' },
      { line: 2, column: null, message: 'b' },
      { line: null, column: null, message: 'c' },
    ];
    const found = problemsOf(
      ended({ error_type: 'SecurityError', error: 'a', security_violations }),
    );
    expect(found.map(p => [p.kind, p.line, p.column])).toEqual([
      ['violation', 1, 1],
      ['violation', 2, 0],
    ]);
  });

  it('are where the last frame of an exception is', () => {
    const stderr =
      'Traceback (most recent call last):\n' +
      '  File "main.py", line 6, in <module>\n    f()\n' +
      '  File "main.py", line 2, in f\n    1 / 0\n' +
      'ZeroDivisionError: division by zero\n';
    const found = problemsOf(
      ended({ error_type: 'ZeroDivisionError', error: 'division by zero', stderr }),
    );
    expect(found).toEqual([
      {
        kind: 'exception',
        line: 2,
        column: 0,
        message: 'ZeroDivisionError: division by zero',
      },
    ]);
  });

  it.each([
    [
      'main.c: In function \'main\':\n' +
        'main.c:3:5: warning: unused variable \'x\'\n' +
        'main.c:4:9: error: expected \';\' before \'return\'\n',
      [4, 9, "expected ';' before 'return'"],
    ],
    ['# command\n./main.go:3:2: undefined: x\n', [3, 2, 'undefined: x']],
    ['Main.java:3: error: \';\' expected\n', [3, 0, "';' expected"]],
    [
      'error[E0425]: cannot find value `x`\n --> main.rs:2:5\n  |\n',
      [2, 5, 'cannot find value `x`'],
    ],
  ])('are where a compiler says: %#', (stderr, found) => {
    const problems = problemsOf(
      ended({ error_type: 'CompileError', error: 'no', stderr }),
    );
    expect(problems.map(p => [p.line, p.column, p.message])).toEqual([found]);
  });

  it('are none of a program that ended otherwise', () => {
    expect(problemsOf(ended({ error_type: null, error: null }))).toEqual([]);
    expect(problemsOf(ended({ success: true, error_type: null }))).toEqual([]);
    expect(problemsOf(noRun)).toEqual([]);
  });
});
