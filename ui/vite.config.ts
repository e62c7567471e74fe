import { svelte } from "@sveltejs/vite-plugin-svelte";
import type { Plugin } from "vite";
import { defineConfig } from "vitest/config";
import { colours } from "./scripts/colours";
import { icons } from "./scripts/icons";

/** `npm run dev`, then /gallery: every state of every screen. Not in what is built. */
const gallery: Plugin = {
  name: "gallery",
  apply: "serve",
  configureServer(server) {
    server.middlewares.use("/gallery", (_request, response) => {
      response.writeHead(302, { location: "/tests/gallery/index.html" }).end();
    });
  },
};

/** Short names for the scopes of components, each its own. */
const scopes = new Map<string, string>();
function scope(filename: string): string {
  const known = scopes.get(filename) ?? `s${scopes.size.toString(36)}`;
  scopes.set(filename, known);
  return known;
}

// One bundle for both hosts. The Tauri host is a lazy chunk: a browser never fetches it.
export default defineConfig({
  plugins: [icons, svelte({ compilerOptions: { cssHash: ({ filename }) => scope(filename) } }), colours, gallery],
  base: "./",
  clearScreen: false,
  server: { port: 5173, strictPort: true },
  build: {
    target: ["es2022", "safari16"],
    // The content security policy has no data: fonts, so no asset is turned into one.
    assetsInlineLimit: 0,
    // One sheet for all screens: what they share is packed once.
    cssCodeSplit: false,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    rolldownOptions: {
      output: {
        codeSplitting: {
          groups: [
            // What the first screen needs, packed at once.
            { name: "first", tags: ["$initial"] },
            { name: "shared", minShareCount: 2, test: (id) => !/words\/\S*campaigns|platform|@tauri/.test(id) },
          ],
        },
      },
    },
  },
  resolve: process.env.VITEST ? { conditions: ["browser"] } : {},
  test: {
    environment: "happy-dom",
    include: ["src/**/*.test.ts", "tests/**/*.test.ts"],
    setupFiles: ["tests/words-are-here.ts"],
    restoreMocks: true,
    // The first hook of a file brings the whole program in, which takes long where much else runs.
    hookTimeout: 60_000,
    // Only a test that hangs takes so long. Some draw a hundred rows a hundred times.
    testTimeout: 30_000,
  },
});
