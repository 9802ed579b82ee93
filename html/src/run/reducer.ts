// What a run is, and what each message makes of it.  Nothing here knows of
// sockets, clocks or the page.

import { append, type Lines, noLines } from '../console/lines';
import type {
  Artifact,
  EndStatus,
  ErrorMessage,
  FieldError,
  Result,
  ServerMessage,
} from '../net/messages';

export type Phase = 'idle' | 'sending' | 'queued' | 'running' | 'ended';

export interface Refusal {
  code: string;
  message: string;
  errors: FieldError[];
  retryAfter: number | null;
}

export interface Run {
  phase: Phase;
  requestId: string;
  jobId: string | null;
  code: string;
  language: string;
  seq: number;
  lines: Lines;
  inputOpen: boolean;
  stopping: boolean;
  startedAt: number | null;
  firstOutputAt: number | null;
  status: EndStatus | null;
  result: Result | null;
  refusal: Refusal | null; // it was never run, or its end is not known
}

export type RunAction =
  | {
      type: 'start';
      requestId: string;
      code: string;
      language: string;
    }
  | { type: 'adopt'; jobId: string; code: string; language: string }
  | { type: 'messages'; messages: readonly ServerMessage[]; at: number }
  | { type: 'input'; data: string }
  | { type: 'input-ended' }
  | { type: 'artifacts'; jobId: string; artifacts: Artifact[] }
  | { type: 'stop' }
  | { type: 'give-up'; code: string; message: string }
  | { type: 'clear' };

export const noRun: Run = {
  phase: 'idle',
  requestId: '',
  jobId: null,
  code: '',
  language: 'python',
  seq: 0,
  lines: noLines,
  inputOpen: false,
  stopping: false,
  startedAt: null,
  firstOutputAt: null,
  status: null,
  result: null,
  refusal: null,
};

export function isUnfinished(run: Run): boolean {
  return run.phase !== 'idle' && run.phase !== 'ended';
}

// The connection is mended by who holds it; the run just goes on.
const MENDED = new Set(['going_away', 'token_expired', 'already_subscribed']);

// Of input that came too late the result tells enough.
const LATE = new Set(['job_done', 'stdin_closed']);

function ended(run: Run, more: Partial<Run>): Run {
  return { ...run, phase: 'ended', inputOpen: false, stopping: false, ...more };
}

function refused(run: Run, error: ErrorMessage): Run {
  return ended(run, {
    refusal: {
      code: error.code,
      message: error.message,
      errors: error.errors ?? [],
      retryAfter: error.retry_after ?? null,
    },
  });
}

function onError(run: Run, error: ErrorMessage): Run {
  if (MENDED.has(error.code)) {
    return run;
  }

  if (run.phase === 'sending' && error.request_id === run.requestId) {
    return refused(run, error);
  }

  if (run.jobId !== null && error.job_id === run.jobId) {
    if (LATE.has(error.code)) {
      return { ...run, inputOpen: false };
    }
    if (error.code === 'stdin_full') {
      const note = `\n[${error.message}]\n`;
      return { ...run, lines: append(run.lines, 'stderr', note) };
    }
    return refused(run, error);
  }

  return run;
}

function onMessage(run: Run, message: ServerMessage, at: number): Run {
  if (message.type === 'error') {
    return onError(run, message);
  }

  if (message.type === 'job.accepted') {
    return run.phase === 'sending' && message.request_id === run.requestId
      ? { ...run, phase: 'queued', jobId: message.job_id }
      : run;
  }

  if (!('job_id' in message) || message.job_id !== run.jobId) {
    return run;
  }

  switch (message.type) {
    case 'job.status':
      return message.status === 'running' && run.phase !== 'running'
        ? { ...run, phase: 'running', startedAt: run.startedAt ?? at }
        : run;

    case 'job.output':
      // What was told before a connection was lost is not told twice; this is
      // for a server that thinks otherwise.
      return message.seq > run.seq
        ? {
            ...run,
            seq: message.seq,
            firstOutputAt: run.firstOutputAt ?? at,
            lines: append(run.lines, message.stream, message.data),
          }
        : run;

    case 'job.result':
      return ended(run, { status: message.status, result: message.result });

    default:
      return run;
  }
}

// Neighbours of one stream become one message: lines are split once.
function joined(messages: readonly ServerMessage[]): ServerMessage[] {
  const out: ServerMessage[] = [];
  let parts: string[] = [];

  const flush = () => {
    const last = out.at(-1);
    if (last?.type === 'job.output' && parts.length > 1) {
      out[out.length - 1] = { ...last, data: parts.join('') };
    }
    parts = [];
  };

  for (const message of messages) {
    const last = out.at(-1);

    if (
      message.type === 'job.output' &&
      last?.type === 'job.output' &&
      last.job_id === message.job_id &&
      last.stream === message.stream &&
      message.seq > last.seq
    ) {
      parts.push(message.data);
      out[out.length - 1] = { ...last, seq: message.seq };
      continue;
    }

    flush();
    out.push(message);
    if (message.type === 'job.output') {
      parts = [message.data];
    }
  }

  flush();

  return out;
}

export function reduce(run: Run, action: RunAction): Run {
  switch (action.type) {
    case 'start':
      return {
        ...noRun,
        phase: 'sending',
        requestId: action.requestId,
        code: action.code,
        language: action.language,
        inputOpen: true,
      };

    case 'adopt':
      return {
        ...noRun,
        phase: 'queued',
        jobId: action.jobId,
        code: action.code,
        language: action.language,
        inputOpen: true,
      };

    case 'messages': {
      // A batch may have what was told before and after a reconnection, so
      // what is old is left out before neighbours are joined.
      const fresh = action.messages.filter(
        m =>
          m.type !== 'job.output' || m.job_id !== run.jobId || m.seq > run.seq,
      );
      return joined(fresh).reduce((r, m) => onMessage(r, m, action.at), run);
    }

    case 'input':
      return { ...run, lines: append(run.lines, 'stdin', action.data) };

    case 'input-ended':
      return { ...run, inputOpen: false };

    // What did not fit the message of the end.
    case 'artifacts':
      return run.jobId === action.jobId && run.result !== null
        ? { ...run, result: { ...run.result, artifacts: action.artifacts } }
        : run;

    case 'stop':
      return run.phase === 'sending'
        ? ended(run, { status: 'cancelled' })
        : { ...run, stopping: true };

    case 'give-up':
      return ended(run, {
        refusal: {
          code: action.code,
          message: action.message,
          errors: [],
          retryAfter: null,
        },
      });

    case 'clear':
      return isUnfinished(run)
        ? { ...run, lines: noLines }
        : { ...noRun, code: run.code, language: run.language };
  }
}
