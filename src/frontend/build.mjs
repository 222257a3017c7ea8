// Bundles one entry per page into the package. File names hold a hash of what is in them, so a browser may keep them for
// ever; manifest.json says which file is which. With --tests it bundles the tests instead, for Node to run.
import { mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const here = fileURLToPath(new URL(".", import.meta.url));
const pages = ["werkbank"];
const shared = { absWorkingDir: here, bundle: true, format: "esm", target: "es2022", logLevel: "warning" };

if (process.argv.includes("--tests")) {
  rmSync(join(here, ".test"), { recursive: true, force: true });
  const entryPoints = readdirSync(join(here, "test")).map((name) => `test/${name}`);
  await build({ ...shared, entryPoints, platform: "node", outdir: ".test", outExtension: { ".js": ".mjs" } });
} else {
  const outdir = join(here, "../wijkengids/web/static/build");
  mkdirSync(outdir, { recursive: true });
  const { metafile } = await build({
    ...shared,
    entryPoints: pages.map((name) => `src/${name}.ts`),
    outdir,
    entryNames: "[name]-[hash]",
    chunkNames: "[name]-[hash]",
    splitting: true,
    minify: true,
    metafile: true,
    legalComments: "linked",
    loader: { ".svg": "dataurl" },
  });
  const manifest = {};
  for (const [path, { entryPoint, cssBundle }] of Object.entries(metafile.outputs)) {
    if (entryPoint && path.endsWith(".js") && pages.includes(basename(entryPoint, ".ts"))) {
      manifest[basename(entryPoint, ".ts")] = { js: basename(path), css: cssBundle ? basename(cssBundle) : null };
    }
  }
  writeFileSync(join(outdir, ".manifest"), JSON.stringify(manifest, null, 1) + "\n");
  renameSync(join(outdir, ".manifest"), join(outdir, "manifest.json"));
  const made = new Set([...Object.keys(metafile.outputs).map((path) => basename(path)), "manifest.json"]);
  for (const name of readdirSync(outdir)) if (!made.has(name)) rmSync(join(outdir, name));
}
