// The plain requests.  Each brings the token that is good now, if any.

import type { Probe } from './link';
import type { Result, Runtime } from './messages';

let token: () => Promise<string | null> = async () => null;

export function useToken(source: () => Promise<string | null>): void {
  token = source;
}

async function get(path: string): Promise<Response> {
  const bearer = await token().catch(() => null);
  const headers: Record<string, string> =
    bearer === null ? {} : { Authorization: `Bearer ${bearer}` };

  return fetch(path, { headers, cache: 'no-store', credentials: 'same-origin' });
}

export class HttpError extends Error {
  constructor(
    readonly status: number,
    readonly path: string,
  ) {
    super(`${path} answered ${status}`);
  }
}

async function json<T>(path: string): Promise<T> {
  const response = await get(path);
  if (!response.ok) {
    throw new HttpError(response.status, path);
  }
  return (await response.json()) as T;
}

export const runtimes = () => json<Runtime[]>('/runtimes');

export const analyzer = () =>
  json<{ available: boolean; provider: string | null; model: string | null }>(
    '/analyze/status',
  );

export const job = (id: string) =>
  json<{ result: Result | null }>(`/execute/jobs/${encodeURIComponent(id)}`);

export async function healthy(): Promise<boolean> {
  try {
    return (await get('/health')).ok;
  } catch {
    return false;
  }
}

export async function probe(): Promise<Probe> {
  try {
    const { status } = await get('/runtimes');
    return status === 401 || status === 403 ? 'sign-in' : 'well';
  } catch {
    return 'unreachable';
  }
}
