import { svelte } from "@sveltejs/vite-plugin-svelte";
import type { Plugin } from "vite";
import { defineConfig } from "vitest/config";

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

// One bundle for both hosts. The Tauri host is a lazy chunk: a browser never fetches it.
export default defineConfig({
  plugins: [svelte(), gallery],
  base: "./",
  clearScreen: false,
  server: { port: 5173, strictPort: true },
  build: {
    target: ["es2022", "safari16"],
    // The content security policy has no data: fonts, so no asset is turned into one.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
  },
  resolve: process.env.VITEST ? { conditions: ["browser"] } : {},
  test: {
    environment: "happy-dom",
    include: ["src/**/*.test.ts", "tests/**/*.test.ts"],
    restoreMocks: true,
  },
});
