import { lazy, Suspense } from 'react';
import { Console } from '../console/Console';
import { EditorPane } from '../editor/EditorPane';
import { FileList } from '../files/Files';
import { Banner } from './Banner';
import { EditorBar } from './EditorBar';
import { Header } from './Header';
import { SideBar } from './SideBar';
import { Split } from './Split';
import { close, useView } from './sheets';
import { useShortcuts } from './keys';

// What is not there at first is loaded when it is asked for.
const Analysis = lazy(() => import('../analysis/Analysis'));
const Sheets = lazy(() => import('./Sheets'));

export function App() {
  const { pane, sheet } = useView();

  useShortcuts();

  return (
    <div className="app">
      <Header />
      <Banner />
      <Split
        first={
          <section className="main" aria-label="Editor">
            <EditorBar />
            <FileList />
            <EditorPane />
          </section>
        }
        second={
          <section className="side" aria-label="Result">
            <SideBar />
            <div
              className="pane"
              role="tabpanel"
              id="pane"
              aria-labelledby={`tab-${pane}`}
            >
              {pane === 'console' ? (
                <Console />
              ) : (
                <Suspense fallback={null}>
                  <Analysis />
                </Suspense>
              )}
            </div>
          </section>
        }
      />
      {sheet !== null && (
        <Suspense fallback={null}>
          <Sheets key={sheet} name={sheet} onClose={close} />
        </Suspense>
      )}
    </div>
  );
}
