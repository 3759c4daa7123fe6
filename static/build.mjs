// Builds what the pages load: static/src -> static/build, each file under a name that holds a
// fingerprint of its content, so that browsers may keep it for ever, and manifest.json, which tells
// the pages the present name of each: {"site.css": "site-AB12CD34.css", ...}.
//
//   css/site.css   the one style sheet, with everything it imports
//   js/*.js        one script each, with everything it imports; scripts in sub-folders are only imported
//   *.svg, *.png   copied as they are

import { build } from "esbuild";
import { readdir, rename, rm, writeFile } from "node:fs/promises";
import { basename, dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const source = join(here, "src");
const target = join(here, "build");

async function filesIn(folder, pattern) {
  const entries = await readdir(folder, { withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile() && pattern.test(entry.name))
    .map((entry) => join(folder, entry.name))
    .sort();
}

async function entryPoints() {
  return [
    join(source, "css", "site.css"),
    ...(await filesIn(join(source, "js"), /\.js$/)),
    ...(await filesIn(source, /\.(svg|png)$/)),
  ];
}

function bundle(entries) {
  return build({
    entryPoints: entries,
    outdir: target,
    entryNames: "[name]-[hash]",
    assetNames: "[name]-[hash]",
    bundle: true,
    minify: true,
    // Works in a plain <script defer> and leaves no global names behind.
    format: "iife",
    target: ["es2022", "safari16"],
    loader: { ".svg": "copy", ".png": "copy", ".woff2": "copy" },
    legalComments: "inline",
    metafile: true,
    absWorkingDir: here,
    logLevel: "warning",
  });
}

function manifestOf(outputs, entries) {
  const names = new Set(entries.map((entry) => relative(here, entry)));
  const manifest = {};
  for (const [output, { entryPoint, inputs }] of Object.entries(outputs)) {
    // A copied file is its own only input and is not marked as an entry point.
    const from = entryPoint ?? Object.keys(inputs)[0];
    if (names.has(from)) manifest[basename(from)] = basename(output);
  }
  return Object.fromEntries(Object.entries(manifest).sort());
}

async function writeManifest(manifest) {
  const draft = join(target, "manifest.json.new");
  await writeFile(draft, JSON.stringify(manifest, null, 2) + "\n");
  await rename(draft, join(target, "manifest.json"));
}

async function dropOldBuilds(outputs) {
  const kept = new Set([...Object.keys(outputs).map((output) => basename(output)), "manifest.json"]);
  for (const name of await readdir(target)) {
    if (!kept.has(name)) await rm(join(target, name), { recursive: true });
  }
}

const entries = await entryPoints();
const { metafile } = await bundle(entries);
await writeManifest(manifestOf(metafile.outputs, entries));
await dropOldBuilds(metafile.outputs);
