import { choose, useProgram } from '../editor/program';
import { AddFile } from '../files/Files';
import type { Runtime } from '../net/messages';
import { isAsking } from '../analysis/reducer';
import { useAnalysis } from '../analysis/store';
import { useServer } from '../net/store';
import { isUnfinished } from '../run/reducer';
import { stop } from '../run/runner';
import { useRun } from '../run/store';
import { useSettings } from '../settings/store';
import { Button } from '../ui/Button';
import { analyzeAndShow, CTRL, RUN_KEYS, runAndShow } from './keys';
import { useCountdown } from './useCountdown';

// The name of the runtime where it takes that to tell two apart.
function nameOf(r: Runtime, all: readonly Runtime[]): string {
  const apart =
    all.filter(o => o.language === r.language).length > 1 &&
    r.name !== r.language.toLowerCase();
  const reason = r.available ? null : (r.reason ?? 'not there');

  return [
    [r.language, r.version].filter(Boolean).join(' '),
    apart ? r.name : null,
    reason,
  ]
    .filter(Boolean)
    .join(' · ');
}

function Language() {
  const runtimes = useServer(s => s.runtimes);
  const language = useSettings(s => s.language);
  const known = runtimes.some(r => r.name === language);

  return (
    <label className="language">
      <span className="unseen">Language</span>
      <select
        value={language}
        onChange={event => choose(event.target.value)}
      >
        {!known && <option value={language}>{language}</option>}
        {runtimes.map(r => (
          <option key={r.name} value={r.name} disabled={!r.available}>
            {nameOf(r, runtimes)}
          </option>
        ))}
      </select>
    </label>
  );
}

function TooLong() {
  const code = useProgram(s => s.code);
  const language = useSettings(s => s.language);
  const runtime = useServer(s => s.runtimes.find(r => r.name === language));
  const most = runtime?.limits.code_bytes;

  if (most === undefined || code.length * 3 < most) {
    return null;
  }
  const bytes = new TextEncoder().encode(code).length;
  return bytes > most * 0.9 ? (
    <span className="length" data-over={bytes > most || undefined}>
      {bytes.toLocaleString()} of {most.toLocaleString()} bytes
    </span>
  ) : null;
}

export function EditorBar() {
  const unfinished = useRun(isUnfinished);
  const stopping = useRun(r => r.stopping);
  const asking = useAnalysis(isAsking);
  const analyzer = useServer(s => s.analyzer);
  const seconds = useCountdown(useServer(s => s.notBefore));

  return (
    <div className="bar">
      <Language />
      <AddFile />
      <TooLong />
      <span className="space" />
      <Button
        icon="analyze"
        label="Analyse"
        keys={`${CTRL}+Shift+Enter`}
        compact="narrow"
        disabled={asking || analyzer?.available === false}
        onClick={analyzeAndShow}
      />
      {unfinished ? (
        <Button
          icon="stop"
          label="Stop"
          keys={`${CTRL}+.`}
          look="danger"
          disabled={stopping}
          onClick={stop}
        />
      ) : (
        <Button
          icon="run"
          label={seconds > 0 ? `Run in ${seconds} s` : 'Run'}
          keys={RUN_KEYS}
          look="primary"
          disabled={seconds > 0}
          onClick={runAndShow}
        />
      )}
    </div>
  );
}
