import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { constants, gzipSync } from 'node:zlib';
import type { Plugin } from 'vite';
import { defineConfig } from 'vitest/config';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

// What the editor completes comes from the profile that the sandbox reads and
// from the Python that it runs, so that they cannot differ.
function pythonNames(): Plugin {
  const name = 'virtual:python-names';
  const script = here('tools/names.py');
  const profile = here('../conf/runtimes.d/python.conf');

  return {
    name: 'python-names',
    resolveId: id => (id === name ? `\0${name}` : undefined),
    load(id) {
      if (id !== `\0${name}`) {
        return;
      }
      this.addWatchFile(script);
      this.addWatchFile(profile);

      const json = execFileSync('/usr/bin/python3', [script, profile], {
        encoding: 'utf8',
        maxBuffer: 16 << 20,
      });
      return `export default JSON.parse(${JSON.stringify(json)});`;
    },
  };
}

// Files that nginx's gzip_static sends as they are; last of all, when nobody
// changes them any more.
function compressed(): Plugin {
  let folder = '';

  return {
    name: 'compressed',
    apply: 'build',
    configResolved: config => {
      folder = config.build.outDir;
    },
    closeBundle() {
      for (const name of readdirSync(folder, { recursive: true })) {
        const path = join(folder, String(name));

        if (/\.(html|js|css|svg|ttf)$/.test(path)) {
          const level = constants.Z_BEST_COMPRESSION;
          writeFileSync(`${path}.gz`, gzipSync(readFileSync(path), { level }));
        }
      }
    },
  };
}

const server = 'http://127.0.0.1:8080';

export default defineConfig({
  plugins: [pythonNames(), compressed()],
  build: {
    outDir: here('../build/web'),
    emptyOutDir: true,
    target: 'es2022',
    // Nothing as a data: address, for which the policy would need a hole.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 4096,
    reportCompressedSize: false,
    rollupOptions: {
      input: { index: here('index.html'), silent: here('silent.html') },
    },
  },
  worker: { format: 'es' },
  // `npm run dev` beside a `make run`.
  server: {
    proxy: {
      '/execute': server,
      '/analyze': server,
      '/runtimes': server,
      '/health': server,
      '/config.json': server,
      '/ws': { target: server, ws: true, changeOrigin: true },
    },
  },
  test: { include: ['src/**/*.test.ts'] },
});
