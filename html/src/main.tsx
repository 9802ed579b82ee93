import { createRoot } from 'react-dom/client';
import { App } from './app/App';
import { openShared } from './share/open';
import { begin } from './run/runner';
import './styles/index.css';

openShared();
createRoot(document.getElementById('root')!).render(<App />);
void begin();
