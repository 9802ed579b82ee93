// How a run ended, in words.

import type { Run } from './reducer';

export type Tone = 'good' | 'bad' | 'quiet';

export interface Outcome {
  tone: Tone;
  title: string;
  detail: string | null;
}

export function milliseconds(ms: number): string {
  if (ms < 10) {
    return `${ms.toFixed(1)} ms`;
  }
  if (ms < 1000) {
    return `${Math.round(ms)} ms`;
  }
  return ms < 60_000
    ? `${(ms / 1000).toFixed(2)} s`
    : `${Math.floor(ms / 60_000)} min ${Math.round((ms % 60_000) / 1000)} s`;
}

export function bytes(count: number): string {
  if (count < 1024) {
    return `${count} B`;
  }
  return count < 1024 * 1024
    ? `${Math.round(count / 1024)} KB`
    : `${(count / 1024 / 1024).toFixed(1)} MB`;
}

export function outcomeOf(run: Run): Outcome | null {
  if (run.phase !== 'ended') {
    return null;
  }

  if (run.refusal !== null) {
    const { code, message, errors } = run.refusal;
    const fields = errors.map(e => `${e.field} ${e.message}`).join('; ');
    const title = code === 'not_found' ? 'Lost' : 'Not run';
    return { tone: 'bad', title, detail: fields || message };
  }

  const { result } = run;

  if (run.status === 'cancelled' || result === null) {
    return { tone: 'quiet', title: 'Stopped', detail: null };
  }
  if (result.success) {
    return { tone: 'good', title: 'Finished', detail: null };
  }

  const detail = result.error;

  switch (result.error_type) {
    case 'SecurityError':
      return { tone: 'bad', title: 'Not allowed here', detail };
    case 'TimeoutError':
      return result.timed_out
        ? { tone: 'bad', title: 'Out of time', detail }
        : { tone: 'bad', title: 'TimeoutError', detail };
    case 'CompileError':
      return { tone: 'bad', title: 'Does not compile', detail };
    case 'SandboxError':
      return { tone: 'bad', title: 'The sandbox failed', detail };
    case null:
      return {
        tone: 'bad',
        title:
          result.signal ?? `Ended with exit code ${result.exit_code ?? '?'}`,
        detail,
      };
    default:
      return { tone: 'bad', title: result.error_type, detail };
  }
}

export interface Figure {
  name: string;
  value: string;
}

export function figuresOf(run: Run): Figure[] {
  const { result } = run;
  const figures: Figure[] = [];

  if (result?.compile_time_ms != null) {
    figures.push({
      name: 'Compiling',
      value: milliseconds(result.compile_time_ms),
    });
  }
  if (result?.execution_time_ms != null) {
    figures.push({
      name: 'Time',
      value: milliseconds(result.execution_time_ms),
    });
  }
  if (result?.cpu_time_ms != null) {
    figures.push({ name: 'CPU', value: milliseconds(result.cpu_time_ms) });
  }
  if (result?.memory_peak_bytes != null) {
    figures.push({ name: 'Memory', value: bytes(result.memory_peak_bytes) });
  }

  return figures;
}

export function cutNotice(run: Run): string | null {
  const cut = [
    run.result?.stdout_truncated ? 'output' : null,
    run.result?.stderr_truncated ? 'error output' : null,
  ].filter(Boolean);

  return cut.length === 0
    ? null
    : `The ${cut.join(' and the ')} was longer than this server keeps: ` +
        'what came after is cut.';
}
