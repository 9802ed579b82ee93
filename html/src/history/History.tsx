import { close } from '../app/sheets';
import { focusEditor } from '../editor/handle';
import { replaceProgram } from '../share/open';
import { Button } from '../ui/Button';
import { type Entry, useHistory } from './store';

const time = new Intl.DateTimeFormat(undefined, {
  dateStyle: 'medium',
  timeStyle: 'short',
});

function title(code: string): string {
  const line = code.split('\n').find(l => /\S/.test(l) && !/^\s*(#|"""|import|from)/.test(l));
  return (line ?? code).trim().slice(0, 80) || 'Empty program';
}

function Row({ entry }: { entry: Entry }) {
  const remove = useHistory(h => h.remove);

  const load = () => {
    replaceProgram(entry.code, entry.language);
    close();
    setTimeout(focusEditor);
  };

  return (
    <li className="entry" data-status={entry.status}>
      <button type="button" className="entry-open" onClick={load}>
        <span className="entry-title">{title(entry.code)}</span>
        <span className="entry-about">
          <span className="lamp" aria-hidden="true" />
          {entry.summary} · {time.format(entry.at)}
        </span>
        {entry.output !== '' && (
          <span className="entry-output">{entry.output.split('\n').slice(0, 3).join('\n')}</span>
        )}
      </button>
      <Button
        icon="clear"
        label={`Remove ${title(entry.code)}`}
        compact="always"
        onClick={() => remove(entry.id)}
      />
    </li>
  );
}

export function History() {
  const { entries, clear } = useHistory();

  if (entries.length === 0) {
    return (
      <p className="empty">
        Programs that you run are listed here, in this browser alone.
      </p>
    );
  }

  return (
    <>
      <ul className="entries">
        {entries.map(entry => (
          <Row key={entry.id} entry={entry} />
        ))}
      </ul>
      <div className="sheet-foot">
        <p>The last 50 runs, kept in this browser alone.</p>
        <Button label="Forget all" onClick={clear} />
      </div>
    </>
  );
}
