import { create } from 'zustand';

export type SheetName =
  | 'examples'
  | 'history'
  | 'share'
  | 'settings'
  | 'shortcuts';

export type Pane = 'console' | 'analysis';

interface View {
  sheet: SheetName | null;
  pane: Pane;
}

export const useView = create<View>()(() => ({ sheet: null, pane: 'console' }));

export const open = (sheet: SheetName) => useView.setState({ sheet });
export const close = () => useView.setState({ sheet: null });
export const show = (pane: Pane) => useView.setState({ pane });
