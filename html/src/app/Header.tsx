import { signIn, signOut, useSession } from '../session/store';
import { Button } from '../ui/Button';
import { Mark } from '../ui/icons';
import { open } from './sheets';

function Person() {
  const { state, name } = useSession();

  if (state === 'signed-out') {
    return (
      <Button
        icon="person"
        label="Sign in"
        compact="narrow"
        onClick={() => void signIn()}
      />
    );
  }
  if (state === 'signed-in') {
    return (
      <Button
        icon="person"
        label={`Sign out ${name ?? ''}`.trim()}
        compact="narrow"
        className="person"
        onClick={() => void signOut()}
      />
    );
  }
  return null;
}

export function Header() {
  return (
    <header className="head">
      <h1 className="brand">
        <Mark />
        <span>
          Code <b>Remote</b>
        </span>
      </h1>
      <nav className="tools" aria-label="Tools">
        <Button icon="examples" label="Examples" compact="narrow" onClick={() => open('examples')} />
        <Button icon="history" label="History" compact="narrow" onClick={() => open('history')} />
        <Button icon="share" label="Share" compact="narrow" onClick={() => open('share')} />
        <Button icon="keyboard" label="Keyboard shortcuts" keys="F1" compact="always" onClick={() => open('shortcuts')} />
        <Button icon="settings" label="Settings" compact="always" onClick={() => open('settings')} />
        <Person />
      </nav>
    </header>
  );
}
