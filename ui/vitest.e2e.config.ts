import { defineConfig } from "vitest/config";

// The walk through the real program: Chromium on `mostrador-headless`. One worker, because the machine is shared by the
// browser, the program and the practice shop inside it.
export default defineConfig({
  test: {
    include: ["e2e/**/*.e2e.ts"],
    environment: "node",
    fileParallelism: false,
    testTimeout: 120_000,
    hookTimeout: 60_000,
  },
});
