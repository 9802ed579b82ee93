// One line beneath the head while something is not as it should be: the most
// important thing alone, and what can be done about it.

import type { ReactNode } from 'react';
import { useServer } from '../net/store';
import { reconnect } from '../run/runner';
import { signIn, useSession } from '../session/store';
import { useCountdown } from './useCountdown';

type Tone = 'warn' | 'bad';

interface Notice {
  tone: Tone;
  text: string;
  action?: ReactNode;
}

function useNotice(): Notice | null {
  const { link, lost, sandboxAway, notBefore } = useServer();
  const session = useSession();
  const wait = useCountdown(link.name === 'waiting' ? link.until : 0);
  const pause = useCountdown(notBefore);

  if (session.state === 'busy') {
    return null;
  }
  if (session.config !== null && session.state === 'signed-out') {
    const where = session.config.name ? ` with ${session.config.name}` : '';
    return {
      tone: 'warn',
      text: session.problem ?? 'Sign in to run programs. What you wrote stays here.',
      action: (
        <button type="button" className="link" onClick={() => void signIn()}>
          Sign in{where}
        </button>
      ),
    };
  }
  if (link.name === 'sign-in') {
    return {
      tone: 'bad',
      text:
        session.config === null
          ? 'This server wants people to sign in, but does not say where (config.json).'
          : 'This server does not let you run programs with this account.',
    };
  }
  if (link.name === 'waiting' || (link.name === 'connecting' && lost)) {
    const what =
      link.name === 'waiting' && !link.reached
        ? 'The server cannot be reached.'
        : 'The connection was lost.';
    return {
      tone: 'warn',
      text: wait > 0 ? `${what} Trying again in ${wait} s.` : `${what} Reconnecting…`,
      action: wait > 0 && (
        <button type="button" className="link" onClick={reconnect}>
          Try now
        </button>
      ),
    };
  }
  if (sandboxAway) {
    return {
      tone: 'bad',
      text: 'The sandbox is away: nothing can be run just now. It is watched for, and this line goes when it is back.',
    };
  }
  if (pause > 0) {
    return {
      tone: 'warn',
      text: `Too much at once for this server. It can be tried again in ${pause} s.`,
    };
  }
  return null;
}

export function Banner() {
  const notice = useNotice();

  // Always there, so that a screen reader hears what comes to be in it.
  return (
    <div className="banner" role="status" data-tone={notice?.tone}>
      {notice && (
        <p>
          {notice.text} {notice.action}
        </p>
      )}
    </div>
  );
}
