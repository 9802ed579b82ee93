// One WebSocket that comes back: with back-off when it was lost, at once when
// the server says that it goes, with a new token when the old one expired.

import type { ClientMessage, ServerMessage } from './messages';

export type LinkState =
  | { name: 'closed' }
  | { name: 'connecting' }
  | { name: 'open' }
  | { name: 'waiting'; until: number; reached: boolean }
  | { name: 'sign-in' };

// What a plain request says where a handshake only fails.
export type Probe = 'well' | 'sign-in' | 'unreachable';

export interface LinkOptions {
  url: string;
  // A token that is good now; `fresh`: the last one was refused.
  token(fresh: boolean): Promise<string | null>;
  probe(): Promise<Probe>;
  onState(state: LinkState): void;
  onOpen(): void;
  onMessages(messages: ServerMessage[]): void;
  random?: () => number;
  now?: () => number;
}

const FIRST_DELAY = 400;
const LAST_DELAY = 15_000;

const GOING_AWAY = 1001;
const POLICY = 1008;
const NORMAL = 1000;

export function delay(attempt: number, random: () => number): number {
  const most = Math.min(LAST_DELAY, FIRST_DELAY * 2 ** attempt);
  return most / 2 + (most / 2) * random();
}

// Messages are handed on once a frame: a page that paints 60 times a second
// need not think 10,000 times.
function nextFrame(act: () => void): void {
  let done = false;
  const once = () => {
    if (!done) {
      done = true;
      act();
    }
  };
  // A hidden page has no frames.
  if (typeof requestAnimationFrame === 'function') {
    requestAnimationFrame(once);
  }
  setTimeout(once, 50);
}

export class Link {
  state: LinkState = { name: 'closed' };

  private socket: WebSocket | null = null;
  private attempt = 0;
  private generation = 0;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private batch: ServerMessage[] = [];
  private freshToken = false;

  constructor(private readonly options: LinkOptions) {}

  // Connects unless that is under way; a wait is cut short.
  connect(): void {
    if (this.state.name === 'connecting' || this.state.name === 'open') {
      return;
    }
    clearTimeout(this.timer);
    void this.open();
  }

  send(message: ClientMessage): boolean {
    if (this.state.name !== 'open' || this.socket === null) {
      return false;
    }
    this.socket.send(JSON.stringify(message));
    return true;
  }

  // A new connection in place of this one, with a token made now.
  renew(): void {
    this.freshToken = true;
    this.restart();
  }

  restart(): void {
    this.drop();
    clearTimeout(this.timer);
    this.attempt = 0;
    void this.open();
  }

  close(): void {
    this.drop();
    clearTimeout(this.timer);
    this.enter({ name: 'closed' });
  }

  private enter(state: LinkState): void {
    this.state = state;
    this.options.onState(state);
  }

  private drop(): void {
    this.generation++;
    this.socket?.close(NORMAL);
    this.socket = null;
  }

  private async open(): Promise<void> {
    const generation = ++this.generation;
    const stale = () => generation !== this.generation;
    let token: string | null = null;

    this.enter({ name: 'connecting' });

    try {
      token = await this.options.token(this.freshToken);
    } catch {
      // The probe tells whether one was needed.
    }

    if (stale()) {
      return;
    }

    const fresh = this.freshToken;
    this.freshToken = false;

    const protocols = token === null ? ['coderemote'] : ['coderemote', token];
    const socket = new WebSocket(this.options.url, protocols);
    let opened = false;

    this.socket = socket;

    socket.onopen = () => {
      if (stale()) {
        return;
      }
      opened = true;
      this.attempt = 0;
      this.enter({ name: 'open' });
      this.options.onOpen();
    };

    socket.onmessage = event => {
      if (!stale()) {
        this.receive(event.data as string);
      }
    };

    socket.onclose = event => {
      if (stale()) {
        return;
      }
      this.socket = null;
      void this.closed(event.code, opened, token !== null && !fresh);
    };
  }

  private receive(data: string): void {
    const message = JSON.parse(data) as ServerMessage;

    this.batch.push(message);
    if (this.batch.length === 1) {
      nextFrame(() => this.flush());
    }

    if (message.type === 'error') {
      if (message.code === 'token_expired') {
        this.flush();
        this.renew();
      } else if (message.code === 'going_away') {
        this.flush();
        this.restart();
      }
    }
  }

  private flush(): void {
    const batch = this.batch;
    this.batch = [];
    if (batch.length > 0) {
      this.options.onMessages(batch);
    }
  }

  // `stale`: the handshake had a token that another one may do better than.
  private async closed(
    code: number,
    opened: boolean,
    stale: boolean,
  ): Promise<void> {
    const generation = this.generation;

    this.flush();

    if (opened && code === NORMAL) {
      // Idle for long.  The next need opens it again.
      this.enter({ name: 'closed' });
      return;
    }

    if (opened && (code === GOING_AWAY || code === POLICY)) {
      this.freshToken = code === POLICY;
      void this.open();
      return;
    }

    let reached = true;

    if (!opened) {
      const found = await this.options.probe();

      if (generation !== this.generation) {
        return;
      }
      if (found === 'sign-in' && stale) {
        this.freshToken = true;
        void this.open();
        return;
      }
      if (found === 'sign-in') {
        this.enter({ name: 'sign-in' });
        return;
      }
      reached = found === 'well';
    }

    this.wait(reached);
  }

  private wait(reached: boolean): void {
    const random = this.options.random ?? Math.random;
    const now = this.options.now ?? Date.now;
    const ms = delay(this.attempt++, random);

    this.enter({ name: 'waiting', until: now() + ms, reached });
    this.timer = setTimeout(() => void this.open(), ms);
  }
}
