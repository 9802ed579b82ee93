import { useEffect, useState } from 'react';
import { reveal } from '../editor/handle';
import { problemsOf } from '../editor/problems';
import { cutNotice, figuresOf, outcomeOf } from '../run/outcome';
import type { Run } from '../run/reducer';

function Elapsed({ since }: { since: number }) {
  const [now, setNow] = useState(() => performance.now());

  useEffect(() => {
    const timer = setInterval(() => setNow(performance.now()), 100);
    return () => clearInterval(timer);
  }, []);

  const seconds = Math.max(0, now - since) / 1000;
  return <span className="figure">{seconds.toFixed(1)} s</span>;
}

const UNFINISHED = {
  sending: 'Starting',
  queued: 'Waiting for its turn',
  running: 'Running',
} as const;

export function Footer({ run }: { run: Run }) {
  if (run.phase === 'idle') {
    return null;
  }

  if (run.phase !== 'ended') {
    return (
      <footer className="run-state" data-tone="busy">
        <span className="lamp" aria-hidden="true" />
        <strong>{run.stopping ? 'Stopping' : UNFINISHED[run.phase]}</strong>
        {run.startedAt !== null && <Elapsed since={run.startedAt} />}
      </footer>
    );
  }

  const outcome = outcomeOf(run)!;
  const problems = problemsOf(run);
  const cut = cutNotice(run);
  const [first] = problems;

  return (
    <footer className="run-state" data-tone={outcome.tone}>
      {cut && <p className="cut">{cut}</p>}
      <div className="run-end">
        <span className="lamp" aria-hidden="true" />
        <strong>{outcome.title}</strong>
        {outcome.detail && <span className="detail">{outcome.detail}</span>}
        {first && (
          <button
            type="button"
            className="link"
            onClick={() => reveal(first.line, Math.max(first.column, 1))}
          >
            {problems.length > 1
              ? `${problems.length} places, the first on line ${first.line}`
              : `line ${first.line}`}
          </button>
        )}
        <dl className="figures">
          {figuresOf(run).map(({ name, value }) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{value}</dd>
            </div>
          ))}
        </dl>
      </div>
    </footer>
  );
}
