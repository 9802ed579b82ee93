type NameKind = 'function' | 'class' | 'constant' | 'module';

// Name, kind, signature, first line of its description.
type NameEntry = [string, NameKind, string, string];

declare module 'virtual:python-names' {
  const names: {
    modules: Record<string, { doc: string; names: NameEntry[] }>;
    others: string[];
    builtins: NameEntry[];
    blocked: string[];
    types: Record<string, NameEntry[]>;
    keywords: string[];
  };
  export default names;
}

declare module 'monaco-editor/editor/editor.worker.js?worker' {
  const make: new () => Worker;
  export default make;
}

declare module 'monaco-editor/features/*';
declare module 'monaco-editor/editor/contrib/*';
declare module 'monaco-editor/languages/*';
