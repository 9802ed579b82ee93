import { close } from '../app/sheets';
import { focusEditor } from '../editor/handle';
import { replaceProgram } from '../share/open';
import { familyOf } from '../languages/languages';
import { useSettings } from '../settings/store';
import { type Example, EXAMPLES } from './programs';

export function Examples() {
  // Nearly all run as any Python that is chosen.
  const load = ({ code, language }: Example) => {
    const chosen = useSettings.getState().language;
    const other = familyOf(chosen) === 'python' ? undefined : 'python';
    replaceProgram(code, language ?? other);
    close();
    setTimeout(focusEditor);
  };

  return (
    <ul className="examples">
      {EXAMPLES.map(example => (
        <li key={example.title}>
          <button type="button" onClick={() => load(example)}>
            <strong>{example.title}</strong>
            <span>{example.about}</span>
          </button>
        </li>
      ))}
    </ul>
  );
}
