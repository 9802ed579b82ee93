import { choose, useProgram } from '../editor/program';
import { useHistory } from '../history/store';
import { languageOf } from '../languages/languages';
import { useSettings } from '../settings/store';
import { decode } from './codec';

// What was in the editor is kept: a link must not cost anybody a program.
export function replaceProgram(code: string, language?: string): void {
  const before = useProgram.getState().code;
  const settings = useSettings.getState();
  const { hello } = languageOf(settings.language);

  if (before !== code && before.trim() !== '' && before !== hello) {
    const known = useHistory.getState().entries.some(e => e.code === before);
    if (!known) {
      useHistory.getState().add({
        code: before,
        language: settings.language,
        status: 'draft',
        summary: 'Not run',
        output: '',
      });
    }
  }

  if (language !== undefined) {
    choose(language);
  }
  useProgram.getState().load(code);
}

export function openShared(): void {
  const shared = decode(location.hash);

  if (shared !== null) {
    replaceProgram(shared.code, shared.language);
    history.replaceState(null, '', location.pathname + location.search);
  }
}

addEventListener('hashchange', openShared);
