// Python in Monaco: completion, and what a name is under the mouse.

import { type IRange, languages } from 'monaco-editor/editor.js';
import names from 'virtual:python-names';
import { useServer } from '../net/store';
import { useSettings } from '../settings/store';
import { type Candidate, complete, importsOf, type Kind } from './complete';

const KINDS: Record<Kind, languages.CompletionItemKind> = {
  function: languages.CompletionItemKind.Function,
  method: languages.CompletionItemKind.Method,
  class: languages.CompletionItemKind.Class,
  constant: languages.CompletionItemKind.Constant,
  module: languages.CompletionItemKind.Module,
  keyword: languages.CompletionItemKind.Keyword,
  variable: languages.CompletionItemKind.Variable,
};

// A runtime without a source policy has all of the standard library.
function isOpen(): boolean {
  const { language } = useSettings.getState();
  const runtime = useServer.getState().runtimes.find(r => r.name === language);
  return runtime !== undefined && !runtime.policy;
}

function item(c: Candidate, range: IRange): languages.CompletionItem {
  return {
    label: c.signature.startsWith('(')
      ? { label: c.name, detail: c.signature }
      : { label: c.name, description: c.signature },
    kind: KINDS[c.kind],
    insertText: c.name,
    documentation: c.doc,
    sortText: `${c.rank}${c.name.startsWith('_') ? '~' : ''}${c.name}`,
    range,
  };
}

const completion: languages.CompletionItemProvider = {
  triggerCharacters: ['.'],

  provideCompletionItems(model, position) {
    const line = model.getLineContent(position.lineNumber);
    const before = line.slice(0, position.column - 1);
    const word = model.getWordUntilPosition(position);
    const range = {
      startLineNumber: position.lineNumber,
      endLineNumber: position.lineNumber,
      startColumn: word.startColumn,
      endColumn: word.endColumn,
    };

    return {
      suggestions: complete(model.getValue(), before, names, isOpen()).map(c =>
        item(c, range),
      ),
    };
  },
};

const hover: languages.HoverProvider = {
  provideHover(model, position) {
    const word = model.getWordAtPosition(position);
    if (word === null) {
      return null;
    }

    const line = model.getLineContent(position.lineNumber);
    const before = line.slice(0, word.startColumn - 1);
    const owner = /([A-Za-z_][\w.]*)\.$/.exec(before)?.[1];
    const module = owner && importsOf(model.getValue()).get(owner);
    const known = owner
      ? names.modules[module ?? '']?.names
      : names.builtins;
    const found = known?.find(([name]) => name === word.word);

    if (found === undefined) {
      return null;
    }
    const [name, , signature, doc] = found;
    const full = module ? `${module}.${name}` : name;
    return {
      contents: [
        { value: '```python\n' + full + signature + '\n```' },
        { value: doc },
      ],
    };
  },
};

export function registerPython(): void {
  languages.registerCompletionItemProvider('python', completion);
  languages.registerHoverProvider('python', hover);
}
