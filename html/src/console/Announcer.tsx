// For who hears the page: how the run stands, and what it asks.  Reading out
// all output would drown that; the output can be read where it is.

import { outcomeOf } from '../run/outcome';
import type { Run } from '../run/reducer';

function words(run: Run): string {
  switch (run.phase) {
    case 'idle':
      return '';
    case 'sending':
    case 'queued':
      return 'Starting.';
    case 'running': {
      const asked = run.lines.open.filter(s => s.source !== 'stdin');
      const prompt = asked.map(s => s.text).join('');
      return run.inputOpen && prompt !== '' && prompt.length < 200
        ? prompt
        : 'Running.';
    }
    case 'ended': {
      const { title, detail } = outcomeOf(run)!;
      const lines = run.lines.complete;
      const count = lines === 1 ? '1 line' : `${lines} lines`;
      const files = run.result?.artifacts?.length ?? 0;
      const left = files === 0 ? '' : files === 1 ? ' 1 file.' : ` ${files} files.`;
      return `${title}. ${detail ?? ''} ${count} of output.${left}`;
    }
  }
}

export function Announcer({ run }: { run: Run }) {
  return (
    <p className="unseen" role="status">
      {words(run)}
    </p>
  );
}
