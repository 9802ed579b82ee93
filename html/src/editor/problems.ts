// Where a run's end points to in its program.

import { textOf } from '../console/lines';
import type { Run } from '../run/reducer';

export interface Problem {
  kind: 'syntax' | 'violation' | 'exception';
  line: number;
  column: number; // from 1; 0: the whole line
  message: string;
}

const AT = /\(line (\d+), column (\d+)\)\s*$/;
const FRAME = /^ {2}File "[^"]*", line (\d+)/gm;

// "main.c:3:5: error: what" of most compilers, "error: what" and then
// " --> main.rs:3:5" of rustc's.
const COMPILER = /^\S*main\.\w+:(\d+):(?:(\d+):)? *(?:fatal )?(.*)$/gim;
const RUSTC = /^error\S*: (.*)\n *--> \S*main\.rs:(\d+):(\d+)/gm;
const NO_ERROR = /^(warning|note|in |required from)/i;

function compileErrors(text: string): Problem[] {
  const problem = (line: string, column: string | undefined, message: string) => ({
    kind: 'syntax' as const,
    line: Number(line),
    column: Number(column ?? 0),
    message,
  });

  return [
    ...[...text.matchAll(COMPILER)].flatMap(([, line, column, what]) =>
      NO_ERROR.test(what!)
        ? []
        : [problem(line!, column, what!.replace(/^error: */, ''))],
    ),
    ...[...text.matchAll(RUSTC)].map(([, what, line, column]) =>
      problem(line!, column, what!),
    ),
  ].slice(0, 50);
}

export function problemsOf(run: Run): Problem[] {
  const { result } = run;

  if (run.phase !== 'ended' || result === null || result.success) {
    return [];
  }

  const violations = result.security_violations.flatMap(v =>
    v.line === null
      ? []
      : [
          {
            kind: 'violation' as const,
            line: v.line,
            column: v.column ?? 0,
            message: v.message,
          },
        ],
  );

  if (violations.length > 0) {
    return violations;
  }

  if (result.error_type === 'CompileError') {
    return compileErrors(result.stderr ?? textOf(run.lines));
  }

  const message = [result.error_type, result.error].filter(Boolean).join(': ');

  if (result.error_type?.endsWith('Error') && result.error !== null) {
    const at = AT.exec(result.error);
    if (at !== null) {
      return [
        {
          kind: 'syntax',
          line: Number(at[1]),
          column: Number(at[2]),
          message: message.replace(AT, '').trim(),
        },
      ];
    }
  }

  if (result.error_type === null) {
    return [];
  }

  // The last frame is where it happened.  A program can print what looks like
  // one; the mark is then where the program says.
  const frames = [...(result.stderr ?? '').matchAll(FRAME)];
  const line = Number(frames.at(-1)?.[1] ?? 0);

  return line > 0 ? [{ kind: 'exception', line, column: 0, message }] : [];
}
