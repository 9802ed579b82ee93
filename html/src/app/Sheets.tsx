import { Examples } from '../examples/Examples';
import { History } from '../history/History';
import { Settings } from '../settings/Settings';
import { Share } from '../share/Share';
import { Sheet } from '../ui/Sheet';
import { Shortcuts } from './Shortcuts';
import type { SheetName } from './sheets';

const SHEETS = {
  examples: { title: 'Examples', wide: true, Body: Examples },
  history: { title: 'History', wide: true, Body: History },
  share: { title: 'Share', wide: false, Body: Share },
  settings: { title: 'Settings', wide: false, Body: Settings },
  shortcuts: { title: 'Keyboard shortcuts', wide: false, Body: Shortcuts },
};

interface Props {
  name: SheetName;
  onClose(): void;
}

export default function Sheets({ name, onClose }: Props) {
  const { title, wide, Body } = SHEETS[name];

  return (
    <Sheet title={title} wide={wide} onClose={onClose}>
      <Body />
    </Sheet>
  );
}
