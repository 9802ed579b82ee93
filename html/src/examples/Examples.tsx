import { close } from '../app/sheets';
import { focusEditor } from '../editor/handle';
import { replaceProgram } from '../share/open';
import { EXAMPLES } from './programs';

export function Examples() {
  const load = (code: string) => {
    replaceProgram(code);
    close();
    setTimeout(focusEditor);
  };

  return (
    <ul className="examples">
      {EXAMPLES.map(({ title, about, code }) => (
        <li key={title}>
          <button type="button" onClick={() => load(code)}>
            <strong>{title}</strong>
            <span>{about}</span>
          </button>
        </li>
      ))}
    </ul>
  );
}
