import { FONT_SIZES, type Theme, useSettings } from './store';

const THEMES: [Theme, string][] = [
  ['system', 'As the system'],
  ['light', 'Light'],
  ['dark', 'Dark'],
];

export function Settings() {
  const { theme, fontSize, wrap, set } = useSettings();

  return (
    <div className="form">
      <fieldset>
        <legend>Colours</legend>
        <div className="choices">
          {THEMES.map(([value, label]) => (
            <label key={value}>
              <input
                type="radio"
                name="theme"
                checked={theme === value}
                onChange={() => set({ theme: value })}
              />
              {label}
            </label>
          ))}
        </div>
      </fieldset>
      <label className="field">
        Size of the text
        <select
          value={fontSize}
          onChange={event => set({ fontSize: Number(event.target.value) })}
        >
          {FONT_SIZES.map(size => (
            <option key={size} value={size}>
              {size} px
            </option>
          ))}
        </select>
      </label>
      <label className="check">
        <input
          type="checkbox"
          checked={wrap}
          onChange={event => set({ wrap: event.target.checked })}
        />
        Break long lines in the editor
      </label>
    </div>
  );
}
