import { RUN_KEYS } from '../app/keys';
import { isUnfinished } from '../run/reducer';
import { useRun } from '../run/store';
import { useSettings } from '../settings/store';
import { Announcer } from './Announcer';
import { Artifacts } from './Artifacts';
import { Footer } from './Footer';
import { InputLine } from './InputLine';
import { lineCount } from './lines';
import { VirtualLines } from './VirtualLines';

export function Console() {
  const run = useRun();
  const fontSize = useSettings(s => s.fontSize);

  const lineHeight = Math.round(fontSize * 1.5);
  const running = isUnfinished(run);
  const empty = lineCount(run.lines) === 0;

  // It wrote a line that it did not end: that is how a program asks.
  const waiting =
    run.phase === 'running' && run.inputOpen && run.lines.open.length > 0;

  return (
    <div className="console">
      <VirtualLines lines={run.lines} lineHeight={lineHeight}>
        {empty && run.phase === 'idle' && (
          <p className="hint">
            What the program prints appears here, as it prints it.{' '}
            <kbd>{RUN_KEYS}</kbd> runs it.
          </p>
        )}
        {empty && run.phase === 'ended' && run.refusal === null && (
          <p className="hint">It printed nothing.</p>
        )}
      </VirtualLines>
      {running && run.inputOpen && <InputLine waiting={waiting} />}
      <Artifacts run={run} />
      <Footer run={run} />
      <Announcer run={run} />
    </div>
  );
}
