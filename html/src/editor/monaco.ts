// Monaco, loaded when the page is there already.

import { editor, MarkerSeverity, Range } from 'monaco-editor/editor.js';
import EditorWorker from 'monaco-editor/editor/editor.worker.js?worker';
import './features';
import './languages';
import { languageOf } from '../languages/languages';
import { useRun } from '../run/store';
import { followTheme, isDark, useSettings } from '../settings/store';
import { registerPython } from './python';
import { setEditor } from './handle';
import { type Problem, problemsOf } from './problems';
import { useProgram } from './program';
import { dark, light } from './themes';

self.MonacoEnvironment = { getWorker: () => new EditorWorker() };

editor.defineTheme('coderemote-light', light);
editor.defineTheme('coderemote-dark', dark);
registerPython();

export const FONT =
  'ui-monospace, "SF Mono", "Cascadia Code", "JetBrains Mono", Menlo, ' +
  'Consolas, "DejaVu Sans Mono", monospace';

export interface Before {
  from: number;
  to: number;
  focused: boolean;
  scrollTop: number;
}

const OWNER = 'run';

function theme(): string {
  const { theme } = useSettings.getState();
  return isDark(theme) ? 'coderemote-dark' : 'coderemote-light';
}

function changing(): editor.IEditorOptions {
  const { fontSize, wrap } = useSettings.getState();
  return {
    fontSize,
    lineHeight: Math.round(fontSize * 1.5),
    wordWrap: wrap ? 'on' : 'off',
  };
}

function options(): editor.IStandaloneEditorConstructionOptions {
  return {
    ...changing(),
    theme: theme(),
    ariaLabel: 'Program',
    automaticLayout: true,
    fontFamily: FONT,
    minimap: { enabled: false },
    scrollBeyondLastLine: false,
    overviewRulerBorder: false,
    hideCursorInOverviewRuler: true,
    bracketPairColorization: { enabled: false },
    renderLineHighlight: 'line',
    renderFinalNewline: 'on',
    lineNumbersMinChars: 3,
    folding: true,
    showFoldingControls: 'mouseover',
    padding: { top: 12, bottom: 12 },
    tabSize: 4,
    insertSpaces: true,
    detectIndentation: false,
    rulers: [],
    stickyScroll: { enabled: false },
    fixedOverflowWidgets: true,
    quickSuggestions: { other: true, comments: false, strings: false },
    wordBasedSuggestions: 'off',
    suggest: { showWords: false, localityBonus: true },
    tabCompletion: 'off',
    glyphMargin: false,
    unicodeHighlight: { ambiguousCharacters: false },
    scrollbar: { verticalScrollbarSize: 10, horizontalScrollbarSize: 10 },
    cursorBlinking: matchMedia('(prefers-reduced-motion: reduce)').matches
      ? 'solid'
      : 'blink',
    smoothScrolling: false,
  };
}

function rangeOf(model: editor.ITextModel, problem: Problem): Range {
  const line = Math.min(problem.line, model.getLineCount());
  const end = model.getLineMaxColumn(line);

  if (problem.column > 0) {
    const from = Math.min(problem.column, Math.max(1, end - 1));
    const word = model.getWordAtPosition({ lineNumber: line, column: from });
    return new Range(line, from, line, Math.max(word?.endColumn ?? 0, from + 1));
  }

  const start = model.getLineFirstNonWhitespaceColumn(line) || 1;
  return new Range(line, start, line, Math.max(end, start + 1));
}

// The end of a run is marked where it points to, as long as the program is
// the one that ran.
function markers(instance: editor.IStandaloneCodeEditor): () => void {
  const model = instance.getModel()!;
  const lines = instance.createDecorationsCollection();

  const show = () => {
    const run = useRun.getState();
    const problems =
      run.code === model.getValue() ? problemsOf(run) : [];

    editor.setModelMarkers(
      model,
      OWNER,
      problems.map(problem => {
        const range = rangeOf(model, problem);
        return { ...range, message: problem.message, severity: MarkerSeverity.Error };
      }),
    );
    lines.set(
      problems
        .filter(problem => problem.kind === 'exception')
        .map(problem => ({
          range: rangeOf(model, problem),
          options: { isWholeLine: true, className: 'exception-line' },
        })),
    );
  };

  show();

  const stop = useRun.subscribe((run, before) => {
    if (run.phase !== before.phase) {
      show();
    }
  });

  // What is being mended need not be shown any more.
  const edits = model.onDidChangeContent(({ changes }) => {
    const touched = (line: number) =>
      changes.some(
        ({ range }) =>
          range.startLineNumber <= line && line <= range.endLineNumber,
      );
    const left = editor
      .getModelMarkers({ owner: OWNER, resource: model.uri })
      .filter(marker => !touched(marker.startLineNumber));

    editor.setModelMarkers(model, OWNER, left);
    lines.set(
      lines
        .getRanges()
        .filter(range => !touched(range.startLineNumber))
        .map(range => ({
          range,
          options: { isWholeLine: true, className: 'exception-line' },
        })),
    );
  });

  return () => {
    stop();
    edits.dispose();
  };
}

export function mount(host: HTMLElement, before: Before): () => void {
  const mode = () => languageOf(useSettings.getState().language).mode;
  const model = editor.createModel(useProgram.getState().code, mode());
  const instance = editor.create(host, { ...options(), model });

  instance.setSelection(
    Range.fromPositions(
      model.getPositionAt(before.from),
      model.getPositionAt(before.to),
    ),
  );
  instance.setScrollTop(before.scrollTop);
  if (before.focused) {
    instance.focus();
  }

  setEditor({
    focus: () => instance.focus(),
    reveal: (lineNumber, column) => {
      instance.revealLineInCenterIfOutsideViewport(lineNumber);
      instance.setPosition({ lineNumber, column });
      instance.focus();
    },
  });

  const typed = model.onDidChangeContent(() => {
    const code = model.getValue();
    if (code !== useProgram.getState().code) {
      useProgram.getState().type(code);
    }
  });

  const stops = [
    markers(instance),
    followTheme(() => {
      editor.setTheme(theme());
      instance.updateOptions(changing());
      editor.setModelLanguage(model, mode());
    }),
    useProgram.subscribe((program, earlier) => {
      if (program.loaded !== earlier.loaded) {
        // As an edit, so that it can be undone.
        instance.pushUndoStop();
        model.pushEditOperations(
          null,
          [{ range: model.getFullModelRange(), text: program.code }],
          () => null,
        );
        instance.pushUndoStop();
        instance.setPosition({ lineNumber: 1, column: 1 });
        instance.setScrollTop(0);
      }
    }),
  ];

  return () => {
    setEditor(null);
    typed.dispose();
    stops.forEach(stop => stop());
    instance.dispose();
    model.dispose();
  };
}
