import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { delay, Link, type LinkState, type Probe } from './link';
import type { ServerMessage } from './messages';

// A WebSocket that the test plays the server of.
class FakeSocket {
  static made: FakeSocket[] = [];
  onopen?: () => void;
  onmessage?: (event: { data: string }) => void;
  onclose?: (event: { code: number }) => void;
  sent: string[] = [];
  closed = false;

  constructor(
    readonly url: string,
    readonly protocols: string[],
  ) {
    FakeSocket.made.push(this);
  }
  send(text: string) {
    this.sent.push(text);
  }
  close() {
    this.closed = true;
  }
}

let tokens: (string | null)[];
let asked: boolean[];
let probe: Probe;
let states: LinkState['name'][];
let messages: ServerMessage[];
let opened: number;

function make(): Link {
  return new Link({
    url: 'ws://here/ws',
    token: async fresh => {
      asked.push(fresh);
      return tokens.length > 1 ? tokens.shift()! : tokens[0]!;
    },
    probe: async () => probe,
    onState: state => states.push(state.name),
    onOpen: () => opened++,
    onMessages: more => messages.push(...more),
    random: () => 1,
  });
}

const settle = () => vi.advanceTimersByTimeAsync(0);
const last = () => FakeSocket.made.at(-1)!;

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal('WebSocket', FakeSocket);
  FakeSocket.made = [];
  tokens = [null];
  asked = [];
  probe = 'well';
  states = [];
  messages = [];
  opened = 0;
});

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

async function connected(link: Link) {
  link.connect();
  await settle();
  last().onopen!();
}

describe('a link', () => {
  it('opens, and brings its token as a subprotocol', async () => {
    tokens = ['t1'];
    const link = make();
    await connected(link);
    expect(last().protocols).toEqual(['coderemote', 't1']);
    expect(link.send({ action: 'ping' })).toBe(true);
    expect(opened).toBe(1);
  });

  it('hands messages on together', async () => {
    await connected(make());
    for (let seq = 1; seq <= 3; seq++) {
      last().onmessage!({ data: `{"type":"pong","connection_id":"${seq}"}` });
    }
    expect(messages).toHaveLength(0);
    await vi.advanceTimersByTimeAsync(60);
    expect(messages).toHaveLength(3);
  });

  it('comes back with back-off', async () => {
    const link = make();
    await connected(link);
    last().onclose!({ code: 1006 });
    await settle();
    expect(link.state.name).toBe('waiting');
    expect(link.send({ action: 'ping' })).toBe(false);

    for (const ms of [400, 800, 1600]) {
      const before = FakeSocket.made.length;
      await vi.advanceTimersByTimeAsync(ms - 1);
      expect(FakeSocket.made).toHaveLength(before);
      await vi.advanceTimersByTimeAsync(1);
      expect(FakeSocket.made).toHaveLength(before + 1);
      last().onclose!({ code: 1006 });
      await settle();
    }
  });

  it('waits no longer when somebody wants it now', async () => {
    const link = make();
    await connected(link);
    last().onclose!({ code: 1006 });
    await settle();
    link.connect();
    await settle();
    expect(FakeSocket.made).toHaveLength(2);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(FakeSocket.made).toHaveLength(2);
  });

  it('connects at once when the worker goes', async () => {
    await connected(make());
    last().onclose!({ code: 1001 });
    await settle();
    expect(FakeSocket.made).toHaveLength(2);
    expect(asked).toEqual([false, false]);
  });

  it('takes a new token when the old one expired', async () => {
    tokens = ['t1', 't2'];
    await connected(make());
    last().onmessage!({
      data: '{"type":"error","code":"token_expired","message":""}',
    });
    await settle();
    expect(FakeSocket.made[0]!.closed).toBe(true);
    expect(last().protocols).toEqual(['coderemote', 't2']);
    expect(asked).toEqual([false, true]);

    // The old connection has no say any more.
    FakeSocket.made[0]!.onclose!({ code: 1008 });
    await settle();
    expect(FakeSocket.made).toHaveLength(2);
  });

  it('is closed with 1008 for the same reason', async () => {
    await connected(make());
    last().onclose!({ code: 1008 });
    await settle();
    expect(asked).toEqual([false, true]);
  });

  it('asks for a sign-in after one try with a new token', async () => {
    tokens = ['t1', 't2'];
    probe = 'sign-in';
    const link = make();
    link.connect();
    await settle();
    last().onclose!({ code: 1006 });
    await settle();
    last().onclose!({ code: 1006 });
    await settle();
    expect(asked).toEqual([false, true]);
    expect(link.state.name).toBe('sign-in');
    await vi.advanceTimersByTimeAsync(60_000);
    expect(FakeSocket.made).toHaveLength(2);
  });

  it('is idle until it is wanted again', async () => {
    const link = make();
    await connected(link);
    last().onclose!({ code: 1000 });
    await vi.advanceTimersByTimeAsync(60_000);
    expect(link.state.name).toBe('closed');
    link.connect();
    await settle();
    expect(FakeSocket.made).toHaveLength(2);
  });
});

describe('the back-off', () => {
  it('grows, has chance in it, and an end', () => {
    expect(delay(0, () => 0)).toBe(200);
    expect(delay(0, () => 1)).toBe(400);
    expect(delay(3, () => 1)).toBe(3200);
    expect(delay(50, () => 1)).toBe(15_000);
  });
});
