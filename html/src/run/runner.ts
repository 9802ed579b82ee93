// What the buttons do: joins the stores and the link.

import { asked, isAsking, noAnalysis, reduceAnalysis } from '../analysis/reducer';
import { useAnalysis } from '../analysis/store';
import { textOf } from '../console/lines';
import { choose, useProgram } from '../editor/program';
import { useFiles } from '../files/store';
import { useHistory } from '../history/store';
import * as api from '../net/api';
import { Link } from '../net/link';
import type { ServerMessage } from '../net/messages';
import { useServer } from '../net/store';
import { sessionReady, token, useSession } from '../session/store';
import { session } from '../ui/storage';
import { useSettings } from '../settings/store';
import { isWaitedFor, PATTERNS, toBase64 } from './artifacts';
import { outcomeOf } from './outcome';
import { isUnfinished } from './reducer';
import { dispatch, useRun } from './store';

const RUNNING = 'coderemote.running';

let requests = 0;
let input: { data: string; eof: boolean }[] = [];

const requestId = () => `${Date.now().toString(36)}-${++requests}`;

const url = `${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}/ws`;

const link = new Link({
  url,
  token,
  probe: api.probe,
  onState: state => {
    const before = useServer.getState();
    const lost =
      state.name === 'waiting' || (before.lost && state.name === 'connecting');
    useServer.setState({ link: state, lost });
    if (state.name === 'sign-in') {
      notSignedIn();
    }
  },
  onOpen: resume,
  onMessages: receive,
});

// What was asked for is not kept until somebody has signed in: who comes back
// from there sees his program, and runs it himself.
function notSignedIn(): void {
  if (useRun.getState().phase === 'sending') {
    dispatch({
      type: 'give-up',
      code: 'sign_in',
      message: 'It takes a sign-in to run programs here.',
    });
    finished();
  }
  if (useAnalysis.getState().phase === 'asking') {
    useAnalysis.setState(noAnalysis);
  }
}

// A connection is there, for the first time or again: what is asked for and
// not answered is asked again, what runs is followed from where it was lost.
function resume(): void {
  const run = useRun.getState();
  const analysis = useAnalysis.getState();

  if (run.phase === 'sending') {
    execute();
  } else if (isUnfinished(run) && run.jobId !== null) {
    const seq = run.seq > 0 ? { seq: run.seq } : {};
    link.send({ action: 'subscribe', job_id: run.jobId, ...seq });
    if (run.stopping) {
      link.send({ action: 'cancel', job_id: run.jobId });
    }
    sendInput();
  }

  if (isAsking(analysis)) {
    askAnalysis();
  }
}

// Detached: a job goes on when the connection is lost, and is found again.
function execute(): void {
  const { requestId, code, language } = useRun.getState();

  link.send({
    action: 'execute',
    request_id: requestId,
    code,
    language,
    detach: true,
    ...folderOf(language),
  });
}

// What lies in the program's folder, and what is taken from it, where it has
// one.
function folderOf(language: string) {
  const { runtimes } = useServer.getState();
  const limits = runtimes.find(r => r.name === language)?.limits;

  const files = useFiles.getState().files.map(({ name, data }) => ({
    name,
    content: toBase64(data),
    encoding: 'base64' as const,
  }));

  return {
    ...(limits?.files_bytes && files.length > 0 ? { files } : {}),
    ...(limits?.artifacts_bytes ? { artifacts: PATTERNS } : {}),
  };
}

// Files that are too much for one message are asked for.
async function fetchArtifacts(jobId: string): Promise<void> {
  try {
    const { result } = await api.job(jobId);
    dispatch({ type: 'artifacts', jobId, artifacts: result?.artifacts ?? [] });
  } catch {
    // They are shown without their contents.
  }
}

function sendInput(): void {
  const { jobId } = useRun.getState();

  while (jobId !== null && input.length > 0) {
    const { data, eof } = input[0]!;
    const message = { action: 'stdin', job_id: jobId, data } as const;
    if (!link.send(eof ? { ...message, eof } : message)) {
      return;
    }
    input.shift();
  }
}

function receive(messages: ServerMessage[]): void {
  const before = useRun.getState();

  dispatch({ type: 'messages', messages, at: performance.now() });
  useAnalysis.setState(state => reduceAnalysis(state, messages), true);

  const run = useRun.getState();

  if (run.jobId !== null && before.jobId === null) {
    remember(run.jobId);
    sendInput();
  }
  if (run.phase === 'ended' && before.phase !== 'ended') {
    finished();
  }
}

// A reload of the page finds its running job again, in the same tab.
function remember(jobId: string): void {
  const { code, language } = useRun.getState();
  session.setItem(RUNNING, JSON.stringify({ jobId, code, language }));
}

function finished(): void {
  const run = useRun.getState();
  const outcome = outcomeOf(run);

  session.removeItem(RUNNING);
  input = [];

  if (run.jobId !== null && run.result?.artifacts?.some(isWaitedFor)) {
    void fetchArtifacts(run.jobId);
  }

  if (run.refusal !== null) {
    refused(run.refusal.code, run.refusal.retryAfter);
    if (run.refusal.code !== 'not_found') {
      return;
    }
  }

  useHistory.getState().add({
    code: run.code,
    language: run.language,
    status: run.status ?? 'failed',
    summary: outcome?.title ?? '',
    output: textOf(run.lines),
  });
}

function refused(code: string, retryAfter: number | null): void {
  if (code === 'queue_full' || code === 'refused') {
    const seconds = retryAfter ?? (code === 'queue_full' ? 2 : 0);
    useServer.setState({ notBefore: Date.now() + seconds * 1000 });
  }
  if (code === 'sandbox_unavailable') {
    watchSandbox();
  }
}

let watching = false;

async function watchSandbox(): Promise<void> {
  useServer.setState({ sandboxAway: true });
  if (watching) {
    return;
  }
  watching = true;
  for (let ms = 1000; !(await api.healthy()); ms = Math.min(ms * 1.5, 10_000)) {
    await new Promise(wake => setTimeout(wake, ms));
  }
  watching = false;
  useServer.setState({ sandboxAway: false });
  void learn();
}

async function learn(): Promise<void> {
  try {
    const runtimes = await api.runtimes();
    useServer.setState({ runtimes });

    const { language } = useSettings.getState();
    if (runtimes.length > 0 && !runtimes.some(r => r.name === language)) {
      choose(runtimes[0]!.name);
    }
  } catch (error) {
    if (error instanceof api.HttpError && error.status === 503) {
      void watchSandbox();
    }
    return;
  }

  try {
    const { available, provider, model } = await api.analyzer();
    const name = [provider, model].filter(Boolean).join(' ');
    useServer.setState({ analyzer: { available, name } });
  } catch {
    useServer.setState({ analyzer: { available: false, name: '' } });
  }
}

function askAnalysis(): void {
  const { requestId, code, language } = useAnalysis.getState();
  link.send({ action: 'analyze', request_id: requestId, code, language });
}

export function stopAnalysis(): void {
  const { analysisId } = useAnalysis.getState();

  if (analysisId === null) {
    useAnalysis.setState(noAnalysis, true);
  } else {
    link.send({ action: 'cancel', analysis_id: analysisId });
  }
}

export function analyze(): void {
  const { code } = useProgram.getState();
  const { language } = useSettings.getState();

  useAnalysis.setState(asked(requestId(), code, language), true);
  if (link.state.name === 'open') {
    askAnalysis();
  } else {
    link.connect();
  }
}

export function run(): void {
  if (isUnfinished(useRun.getState())) {
    return;
  }
  if (Date.now() < useServer.getState().notBefore) {
    return;
  }

  input = [];
  dispatch({
    type: 'start',
    requestId: requestId(),
    code: useProgram.getState().code,
    language: useSettings.getState().language,
  });

  if (link.state.name === 'open') {
    execute();
  } else {
    link.connect();
  }
}

export function stop(): void {
  const run = useRun.getState();

  if (!isUnfinished(run)) {
    return;
  }
  dispatch({ type: 'stop' });
  if (run.jobId !== null) {
    link.send({ action: 'cancel', job_id: run.jobId });
  }
}

export function type(line: string): void {
  dispatch({ type: 'input', data: `${line}\n` });
  input.push({ data: `${line}\n`, eof: false });
  sendInput();
}

export function endInput(): void {
  dispatch({ type: 'input-ended' });
  input.push({ data: '', eof: true });
  sendInput();
}

export function reconnect(): void {
  link.connect();
}

function adopt(): void {
  const text = session.getItem(RUNNING);
  if (text !== null) {
    const { jobId, code, language } = JSON.parse(text);
    dispatch({ type: 'adopt', jobId, code, language });
  }
}

export async function begin(): Promise<void> {
  api.useToken(token);
  adopt();
  await sessionReady();
  if (useSession.getState().state !== 'signed-out') {
    link.connect();
    await learn();
  }
}

addEventListener('online', reconnect);
document.addEventListener('visibilitychange', () => {
  if (document.visibilityState === 'visible') {
    reconnect();
  }
});
