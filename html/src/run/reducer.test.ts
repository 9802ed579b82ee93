import { describe, expect, it } from 'vitest';
import { textOf } from '../console/lines';
import type { Result, ServerMessage } from '../net/messages';
import { isUnfinished, noRun, reduce, type Run } from './reducer';

const result: Result = {
  success: true,
  stdout: null,
  stderr: '',
  stdout_truncated: false,
  stderr_truncated: false,
  error: null,
  error_type: null,
  exit_code: 0,
  signal: null,
  execution_time_ms: 1,
  cpu_time_ms: 1,
  memory_peak_bytes: 1,
  timed_out: false,
  security_violations: [],
  artifacts: [],
  compile_time_ms: null,
};

const started = reduce(noRun, {
  type: 'start',
  requestId: 'r',
  code: 'print(1)',
  language: 'python',
});

const tell = (run: Run, ...messages: ServerMessage[]) =>
  reduce(run, { type: 'messages', messages, at: 5 });

const accepted: ServerMessage = {
  type: 'job.accepted',
  request_id: 'r',
  job_id: 'j',
};

const out = (data: string, seq: number, job_id = 'j'): ServerMessage => ({
  type: 'job.output',
  job_id,
  stream: 'stdout',
  data,
  seq,
});

const running: ServerMessage = {
  type: 'job.status',
  job_id: 'j',
  status: 'running',
  timestamp: '',
};

describe('a run', () => {
  it('goes from sending to its end', () => {
    let run = tell(started, accepted);
    expect([run.phase, run.jobId]).toEqual(['queued', 'j']);
    run = tell(run, running);
    expect([run.phase, run.startedAt]).toEqual(['running', 5]);
    run = tell(run, out('a\n', 2), {
      type: 'job.result',
      job_id: 'j',
      status: 'completed',
      result,
    });
    expect([run.phase, run.status]).toEqual(['ended', 'completed']);
    expect(textOf(run.lines)).toBe('a\n');
    expect(isUnfinished(run)).toBe(false);
  });

  it('shows no byte twice after a reconnection', () => {
    const before = tell(started, accepted, out('ab', 2), out('cd', 4));
    const after = tell(before, out('ab', 2), out('cd', 4), out('ef', 6));
    expect(textOf(after.lines)).toBe('abcdef');
    expect(after.seq).toBe(6);
  });

  it('joins many messages, in the order of both streams', () => {
    const err: ServerMessage = { ...out('E', 3), stream: 'stderr' } as never;
    const run = tell(started, accepted, out('a', 1), out('b', 2), err, out('c', 4));
    expect(run.lines.open).toEqual([
      { source: 'stdout', text: 'ab' },
      { source: 'stderr', text: 'E' },
      { source: 'stdout', text: 'c' },
    ]);
  });

  it('is told nothing of other jobs and requests', () => {
    const run = tell(started, accepted);
    expect(tell(run, out('x', 1, 'other'))).toEqual(run);
    expect(tell(started, { ...accepted, request_id: 'q' })).toEqual(started);
  });

  it('ends when it is refused', () => {
    const run = tell(started, {
      type: 'error',
      request_id: 'r',
      code: 'queue_full',
      message: 'later',
      retry_after: 3,
    });
    expect(run.phase).toBe('ended');
    expect(run.refusal).toMatchObject({ code: 'queue_full', retryAfter: 3 });
  });

  it('goes on when the worker goes', () => {
    const gone: ServerMessage = {
      type: 'error',
      request_id: 'r',
      code: 'going_away',
      message: '',
    };
    expect(tell(started, gone)).toEqual(started);
  });

  it('ends when the server has forgotten it', () => {
    const run = tell(tell(started, accepted), {
      type: 'error',
      job_id: 'j',
      code: 'not_found',
      message: 'there is no such job',
    });
    expect(run.refusal?.code).toBe('not_found');
  });

  it('shows what was typed, and notices that it came too late', () => {
    let run = tell(started, accepted, running, out('? ', 2));
    run = reduce(run, { type: 'input', data: 'you\n' });
    expect(textOf(run.lines)).toBe('? you\n');
    run = tell(run, {
      type: 'error',
      job_id: 'j',
      code: 'job_done',
      message: '',
    });
    expect([run.phase, run.inputOpen]).toEqual(['running', false]);
  });

  it('is stopped at once where no job is known yet', () => {
    expect(reduce(started, { type: 'stop' }).status).toBe('cancelled');
    const stopping = reduce(tell(started, accepted), { type: 'stop' });
    expect([stopping.phase, stopping.stopping]).toEqual(['queued', true]);
  });
});
