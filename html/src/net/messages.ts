// What docs/WEBSOCKET.md and docs/API.md say, as types.

export type Stream = 'stdout' | 'stderr';

export type EndStatus = 'completed' | 'failed' | 'cancelled';

export interface Violation {
  line: number | null;
  column: number | null;
  message: string;
}

export interface Artifact {
  name: string;
  size: number;
  encoding: 'utf8' | 'base64';
  content: string | null;
  left_out: boolean; // over a limit of the server's
}

export interface Result {
  success: boolean;
  stdout: string | null;
  stderr: string | null;
  stdout_truncated: boolean;
  stderr_truncated: boolean;
  error: string | null;
  error_type: string | null;
  exit_code: number | null;
  signal: string | null;
  execution_time_ms: number | null;
  cpu_time_ms: number | null;
  memory_peak_bytes: number | null;
  timed_out: boolean;
  security_violations: Violation[];
  artifacts: Artifact[];
  compile_time_ms: number | null;
}

export interface FieldError {
  field: string;
  message: string;
}

export interface Analysis {
  success?: boolean;
  time_complexity: string | null;
  space_complexity: string | null;
  time_explanation: string | null;
  space_explanation: string | null;
  algorithm_identified: string | null;
  suggestions: string[] | null;
  narrative: string | null;
  error: string | null;
  provider?: string | null;
  model?: string | null;
  notice?: string | null;
}

interface ToRequest {
  request_id?: string;
}

export interface ErrorMessage extends ToRequest {
  type: 'error';
  code: string;
  message: string;
  job_id?: string;
  retry_after?: number;
  errors?: FieldError[];
}

export interface OutputMessage {
  type: 'job.output';
  job_id: string;
  stream: Stream;
  data: string;
  seq: number;
}

export type ServerMessage =
  | (ToRequest & { type: 'pong'; connection_id: string })
  | (ToRequest & { type: 'job.accepted'; job_id: string })
  | {
      type: 'job.status';
      job_id: string;
      status: 'queued' | 'running';
      timestamp: string;
    }
  | OutputMessage
  | { type: 'job.result'; job_id: string; status: EndStatus; result: Result }
  | (ToRequest & { type: 'unsubscribed'; job_id: string })
  | (ToRequest & {
      type: 'analysis.started';
      analysis_id: string;
      provider: string | null;
      model: string | null;
      notice: string | null;
    })
  | (ToRequest & { type: 'analysis.chunk'; text: string })
  | (ToRequest & { type: 'analysis.result' } & Analysis)
  | ErrorMessage;

export type ClientMessage =
  | { action: 'ping' }
  | {
      action: 'execute';
      request_id: string;
      code: string;
      language: string;
      detach: true;
      files?: { name: string; content: string; encoding: 'base64' }[];
      artifacts?: string[];
    }
  | { action: 'stdin'; job_id: string; data: string; eof?: boolean }
  | { action: 'cancel'; job_id: string }
  | { action: 'cancel'; analysis_id: string }
  | { action: 'subscribe'; job_id: string; seq?: number }
  | {
      action: 'analyze';
      request_id: string;
      code: string;
      language: string;
    };

export interface Runtime {
  name: string;
  language: string;
  version: string;
  available: boolean;
  reason: string | null; // why it is not
  args: boolean;
  threads: boolean;
  write: boolean;
  policy: boolean;
  limits: {
    timeout_seconds: number;
    memory_mb: number;
    code_bytes: number;
    stdin_bytes: number;
    output_bytes: number;
    files_bytes: number;
    artifacts_bytes: number;
  };
}
