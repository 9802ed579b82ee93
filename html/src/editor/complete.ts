// What may stand at a place of a Python program, by its text alone: Monaco is
// not known here, so that this is tested without it.

import type names from 'virtual:python-names';

type Names = typeof names;

export type Kind = NameKind | 'keyword' | 'variable' | 'method';

export interface Candidate {
  name: string;
  kind: Kind;
  signature: string;
  doc: string;
  rank: number; // the program's own names first
}

const WORD = '[A-Za-z_]\\w*';
const DOTTED = `${WORD}(?:\\.${WORD})*`;

function candidate(
  [name, kind, signature, doc]: NameEntry,
  rank: number,
  as?: Kind,
): Candidate {
  return { name, kind: as ?? kind, signature, doc, rank };
}

// Which name stands for which module: `import math as m`.
export function importsOf(code: string): Map<string, string> {
  const found = new Map<string, string>();
  const item = new RegExp(`^(${DOTTED})(?:\\s+as\\s+(${WORD}))?$`);

  for (const [, list] of code.matchAll(/^[ \t]*import[ \t]+([^#\n]+)/gm)) {
    for (const part of list!.split(',')) {
      const [, module, as] = item.exec(part.trim()) ?? [];
      if (module !== undefined) {
        found.set(as ?? module, module);
      }
    }
  }

  return found;
}

interface Own {
  name: string;
  kind: Kind;
}

// The names that the program makes, wherever: a name too many harms nobody.
export function ownNames(code: string): Own[] {
  const found = new Map<string, Kind>();
  const text = code
    .replace(/("""|''')[\s\S]*?(\1|$)/g, '""')
    .replace(/#.*$/gm, '');

  const add = (kind: Kind, pattern: RegExp, split = false) => {
    for (const match of text.matchAll(pattern)) {
      const names = split ? (match[1]!.match(/[A-Za-z_]\w*/g) ?? []) : [match[1]!];
      for (const name of names) {
        if (!found.has(name)) {
          found.set(name, kind);
        }
      }
    }
  };

  add('class', /\bclass\s+([A-Za-z_]\w*)/g);
  add('function', /\bdef\s+([A-Za-z_]\w*)/g);
  add('variable', /^[ \t]*((?:\*?[A-Za-z_]\w*\s*,\s*)*\*?[A-Za-z_]\w*)\s*(?::[^=\n]+)?=(?!=)/gm, true);
  add('variable', /\bfor\s+([\w\s,()*]+?)\s+in\b/g, true);
  add('variable', /\b(?:as|global|nonlocal)\s+([A-Za-z_]\w*)/g);
  add('variable', /\b([A-Za-z_]\w*)\s*:=/g);

  for (const [, args] of text.matchAll(/\bdef\s+\w+\s*\(([^)]*)\)/g)) {
    for (const arg of args!.split(',')) {
      const name = /^\s*\*{0,2}([A-Za-z_]\w*)/.exec(arg)?.[1];
      if (name !== undefined && !found.has(name)) {
        found.set(name, 'variable');
      }
    }
  }

  for (const [, list] of text.matchAll(/\bfrom\s+[\w.]+\s+import\s+\(?([^)\n]+)/g)) {
    for (const part of list!.split(',')) {
      const name = /([A-Za-z_]\w*)\s*$/.exec(part)?.[1];
      if (name !== undefined && !found.has(name)) {
        found.set(name, 'variable');
      }
    }
  }

  return [...found].map(([name, kind]) => ({ name, kind }));
}

// What `self.` has been given, and the methods that there are.
function ownAttributes(code: string): Candidate[] {
  const found = new Map<string, Kind>();

  for (const [, name] of code.matchAll(/^[ \t]+(?:async\s+)?def\s+([A-Za-z_]\w*)\s*\(\s*(?:self|cls)\b/gm)) {
    found.set(name!, 'method');
  }
  for (const [, name] of code.matchAll(/\.([A-Za-z_]\w*)/g)) {
    if (!found.has(name!)) {
      found.set(name!, 'variable');
    }
  }
  for (const [, name] of code.matchAll(/^[ \t]+([A-Za-z_]\w*)\s*:\s*[A-Za-z_]/gm)) {
    if (!found.has(name!)) {
      found.set(name!, 'variable');
    }
  }

  return [...found]
    .filter(([name]) => !name.startsWith('__'))
    .map(([name, kind]) => ({ name, kind, signature: '', doc: '', rank: 0 }));
}

const LITERALS: [RegExp, string][] = [
  [/(?:"|')$/, 'str'],
  [/\]$/, 'list'],
  [/\}$/, 'dict'],
];

// The type of what stands before the dot, where its text tells.
function typeOf(before: string, code: string): string | null {
  for (const [pattern, type] of LITERALS) {
    if (pattern.test(before) && !new RegExp(`${WORD}\\[[^\\]]*\\]$`).test(before)) {
      return type;
    }
  }

  const name = new RegExp(`(?:^|[^\\w.])(${WORD})$`).exec(before)?.[1];
  if (name === undefined) {
    return null;
  }

  const given = new RegExp(
    `(?:^|[^\\w.])${name}\\s*(?::[^=\\n]*)?=\\s*([^=\\s].*)$`,
    'm',
  ).exec(code)?.[1];

  if (given === undefined) {
    return null;
  }
  const called = /^(str|list|dict|set|tuple|int|float|bytes|input)\(/.exec(given)?.[1];
  if (called !== undefined) {
    return called === 'input' ? 'str' : called;
  }
  if (/^[rbfu]*["']/i.test(given)) {
    return 'str';
  }
  if (given.startsWith('[')) {
    return 'list';
  }
  if (given.startsWith('{')) {
    return /^\{\s*\}|^\{[^}]*:/.test(given) ? 'dict' : 'set';
  }
  return /^-?\d+\b(?!\.)/.test(given) ? 'int' : null;
}

function modules(names: Names, open: boolean): Candidate[] {
  const allowed = Object.entries(names.modules).map(([name, { doc }]) =>
    candidate([name, 'module', '', doc], 0),
  );
  const others = open ? names.others : [];

  return [
    ...allowed,
    ...others.map(name => candidate([name, 'module', '', ''], 1)),
  ];
}

function attributes(before: string, code: string, names: Names): Candidate[] {
  const dotted = new RegExp(`(?:^|[^\\w.])(${DOTTED})$`).exec(before)?.[1];
  const module = dotted && names.modules[importsOf(code).get(dotted) ?? ''];

  if (module) {
    return module.names.map(entry => candidate(entry, 0));
  }

  const own = ownAttributes(code);
  const type = typeOf(before, code);

  if (type !== null) {
    return (names.types[type] ?? []).map(entry =>
      candidate(entry, 0, entry[1] === 'function' ? 'method' : undefined),
    );
  }
  if (dotted === 'self' || dotted === 'cls') {
    return own;
  }

  const all = new Map(own.map(c => [c.name, c]));
  for (const of of ['str', 'list', 'dict', 'set']) {
    for (const entry of names.types[of] ?? []) {
      if (!all.has(entry[0])) {
        all.set(entry[0], { ...candidate(entry, 1, 'method'), signature: of });
      }
    }
  }
  return [...all.values()];
}

// `line` is the text from the line's beginning to the cursor; `open`: the
// runtime has no list of modules.
export function complete(
  code: string,
  line: string,
  names: Names,
  open = false,
): Candidate[] {
  const text = line.replace(/\w*$/, '');

  if (/(^|\s)#/.test(text) && !/["'].*#/.test(text)) {
    return [];
  }

  if (/^\s*(import|from)\s+([\w.]+\s*(as\s+\w+)?,\s*)*$/.test(text)) {
    return modules(names, open);
  }

  const from = new RegExp(`^\\s*from\\s+(${DOTTED})\\s+import\\b`).exec(text);
  if (from !== null) {
    return (names.modules[from[1]!]?.names ?? []).map(e => candidate(e, 0));
  }
  if (/^\s*from\s+[\w.]+\s+$/.test(text)) {
    return [candidate(['import', 'constant', '', ''], 0, 'keyword')];
  }

  if (text.endsWith('.')) {
    return /\d\.$/.test(text) && !/[A-Za-z_]\d*\.$/.test(text)
      ? []
      : attributes(text.slice(0, -1), code, names);
  }

  if (/\b(def|class|as)\s+$/.test(text)) {
    return [];
  }

  const all = new Map<string, Candidate>();
  const add = (more: Candidate[]) =>
    more.forEach(c => all.has(c.name) || all.set(c.name, c));

  // The word that is being written is no name yet.
  const word = line.slice(text.length);
  const rest = word === '' ? code : code.replace(line, text);

  add(ownNames(rest).map(o => ({ ...o, signature: '', doc: '', rank: 0 })));
  add(
    [...importsOf(rest)].map(([name, module]) =>
      candidate([name, 'module', '', names.modules[module]?.doc ?? ''], 0),
    ),
  );
  add(names.keywords.map(k => candidate([k, 'constant', '', ''], 2, 'keyword')));
  add(names.builtins.map(entry => candidate(entry, 1)));

  return [...all.values()];
}
