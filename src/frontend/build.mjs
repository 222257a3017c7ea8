// Bundles one entry per page into the package. File names hold a hash of what is in them, so a browser may keep them for
// ever; manifest.json says which file is which. With --tests it bundles the tests instead, for Node to run.
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const here = fileURLToPath(new URL(".", import.meta.url));
const pages = ["werkbank"];
const shared = { absWorkingDir: here, bundle: true, format: "esm", target: "es2022", logLevel: "warning" };

/** Whose work is in the bundles, and under which licence: MIT asks that this goes along. */
function licences() {
  const { packages } = JSON.parse(readFileSync(join(here, "package-lock.json"), "utf8"));
  const bundled = Object.entries(packages).filter(([path, about]) => path && !about.dev && !path.includes("esbuild"));
  const texts = bundled.map(([path, { version, license }]) => {
    const file = ["LICENSE", "LICENSE.md", "license", "LICENSE.txt"].map((name) => join(here, path, name)).find(existsSync);
    const name = path.slice(path.lastIndexOf("node_modules/") + "node_modules/".length);
    return `${name} ${version} (${license})\n\n${file ? readFileSync(file, "utf8").trim() : "No text of the licence in the package."}`;
  });
  return texts.join("\n\n" + "-".repeat(72) + "\n\n") + "\n";
}

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
    banner: { js: "/*! Licences of what is bundled here: licences.txt, beside this file. */" },
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
  writeFileSync(join(outdir, "licences.txt"), licences());
  const made = new Set([...Object.keys(metafile.outputs).map((path) => basename(path)), "manifest.json", "licences.txt"]);
  for (const name of readdirSync(outdir)) if (!made.has(name)) rmSync(join(outdir, name));
}
