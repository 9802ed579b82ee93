// Drawn for 20 by 20 at a stroke of 1.6; decoration beside a name, always.

const PATHS = {
  run: 'M6 4.5v11l9-5.5z',
  stop: 'M5.5 5.5h9v9h-9z',
  analyze: 'M3.5 16.5c5.5 0 8.5-4 12.5-12M3.5 3.5v13h13',
  examples: 'M4 4h5v5H4zM11 4h5v5h-5zM4 11h5v5H4zM11 13.5h5M13.5 11v5',
  history: 'M4 6v4h4M4.4 10A6 6 0 1 0 6 5.6L4 7.4M10 7v3.4l2.2 1.6',
  share:
    'M8.3 11.7a3 3 0 0 0 4.2 0l3-3a3 3 0 0 0-4.2-4.2l-.8.8M11.7 8.3a3 3 0 0 0-4.2 0l-3 3a3 3 0 0 0 4.2 4.2l.8-.8',
  settings:
    'M3.5 6h8M15.5 6h1M3.5 14h1M8.5 14h8M13.5 4a2 2 0 1 1 0 4 2 2 0 0 1 0-4zM6.5 12a2 2 0 1 1 0 4 2 2 0 0 1 0-4z',
  keyboard:
    'M3 5.5h14v9H3zM6 8.5h.01M9 8.5h.01M12 8.5h.01M14.5 8.5h.01M7 11.5h6',
  copy: 'M7.5 7.5h8v8h-8zM12.5 7.5v-3h-8v8h3',
  download: 'M10 3.5v9M6.5 9.5 10 13l3.5-3.5M4 16.5h12',
  clear: 'M5 5l10 10M15 5 5 15',
  file: 'M5.5 3.5h6L15 7v9.5H5.5zM11.5 3.5V7H15M10.2 9.5V14M8 11.8h4.5',
  person: 'M10 4a3 3 0 1 1 0 6 3 3 0 0 1 0-6zM4.5 16.5c.6-3 2.7-4.5 5.5-4.5s4.900 1.500 5.500 4.500',
  end: 'M5 10h10M11 6l4 4-4 4',
} as const;

export type IconName = keyof typeof PATHS;

const FILLED = new Set<IconName>(['run', 'stop']);

export function Icon({ name }: { name: IconName }) {
  return (
    <svg
      className="icon"
      viewBox="0 0 20 20"
      aria-hidden="true"
      focusable="false"
      data-filled={FILLED.has(name) || undefined}
    >
      <path d={PATHS[name]} />
    </svg>
  );
}

export function Mark() {
  return (
    <svg className="mark" viewBox="0 0 32 32" aria-hidden="true">
      <path d="M20 4H10a6 6 0 0 0-6 6v12a6 6 0 0 0 6 6h10" />
      <path d="m12 11 5 5-5 5" />
      <circle cx="26" cy="16" r="3" />
    </svg>
  );
}
