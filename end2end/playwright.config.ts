// The browser tests: one Chromium from Debian, one server, one lab. The lab's environment (`lab env`) and the
// server's program (DROVER) come from end2end/test.sh; tests/support/setup.ts starts the server.
import { defineConfig } from "@playwright/test";
import { SESSION, TARGET, URL_OF_SERVER } from "./tests/support/env";

export default defineConfig({
  testDir: "tests",
  outputDir: `${TARGET}/browser-tests`,
  globalSetup: "./tests/support/setup.ts",
  globalTeardown: "./tests/support/teardown.ts",
  // Guests are emulated on a few cores: more than one at a time makes all of them slow.
  workers: 1,
  forbidOnly: true,
  timeout: 90_000,
  expect: { timeout: 15_000 },
  reporter: [["list"]],
  use: {
    baseURL: URL_OF_SERVER,
    // The words that tests look for are the English ones; language.spec.ts has others.
    locale: "en-US",
    ignoreHTTPSErrors: true,
    viewport: { width: 1440, height: 900 },
    screenshot: "only-on-failure",
    trace: "off",
    actionTimeout: 15_000,
    navigationTimeout: 30_000,
    launchOptions: {
      executablePath: "/usr/bin/chromium",
      args: [
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
      ],
    },
  },
  projects: [
    // The first sign-in of a new server; leaves its session to all others.
    { name: "first", testMatch: "first-password.spec.ts" },
    {
      name: "portal",
      testIgnore: "first-password.spec.ts",
      dependencies: ["first"],
      use: { storageState: SESSION },
    },
  ],
});
