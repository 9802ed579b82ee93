import { type KeyboardEvent, useState } from 'react';
import { lineCount, textOf } from '../console/lines';
import { isAsking } from '../analysis/reducer';
import { useAnalysis } from '../analysis/store';
import { useRun } from '../run/store';
import { dispatch } from '../run/store';
import { Button } from '../ui/Button';
import { copyText } from '../ui/clipboard';
import { type Pane, show, useView } from './sheets';

const TABS: [Pane, string][] = [
  ['console', 'Console'],
  ['analysis', 'Analysis'],
];

function Tabs() {
  const pane = useView(v => v.pane);
  const asking = useAnalysis(isAsking);

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'ArrowLeft' || event.key === 'ArrowRight') {
      const other = pane === 'console' ? 'analysis' : 'console';
      show(other);
      document.getElementById(`tab-${other}`)?.focus();
    }
  };

  return (
    <div role="tablist" aria-label="Result" className="tabs" onKeyDown={onKeyDown}>
      {TABS.map(([name, label]) => (
        <button
          key={name}
          type="button"
          role="tab"
          id={`tab-${name}`}
          aria-selected={pane === name}
          aria-controls="pane"
          tabIndex={pane === name ? 0 : -1}
          data-busy={(name === 'analysis' && asking) || undefined}
          onClick={() => show(name)}
        >
          {label}
        </button>
      ))}
    </div>
  );
}

function save(text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: 'text/plain' }));
  const link = document.createElement('a');
  link.href = url;
  link.download = 'output.txt';
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 1000);
}

function OutputTools() {
  const empty = useRun(r => lineCount(r.lines) === 0);
  const idle = useRun(r => r.phase === 'idle');
  const [copied, setCopied] = useState(false);

  const text = () => textOf(useRun.getState().lines);

  const copy = async () => {
    await copyText(text());
    setCopied(true);
    setTimeout(() => setCopied(false), 1500);
  };

  return (
    <>
      <Button
        icon="copy"
        label={copied ? 'Copied' : 'Copy output'}
        compact={copied ? 'never' : 'always'}
        disabled={empty}
        onClick={() => void copy()}
      />
      <Button
        icon="download"
        label="Download output"
        compact="always"
        disabled={empty}
        onClick={() => save(text())}
      />
      <Button
        icon="clear"
        label="Clear output"
        compact="always"
        disabled={empty && idle}
        onClick={() => dispatch({ type: 'clear' })}
      />
    </>
  );
}

export function SideBar() {
  const pane = useView(v => v.pane);

  return (
    <div className="bar">
      <Tabs />
      <span className="space" />
      {pane === 'console' && <OutputTools />}
    </div>
  );
}
