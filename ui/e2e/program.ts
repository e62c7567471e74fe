import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Commands } from "../src/platform/bindings.gen";

const DIST = join(import.meta.dirname, "../dist");

/** The real program without its window, in a data folder of its own, with the practice shop inside. */
export class Program {
  private constructor(
    private child: ChildProcess,
    private readonly folder: string,
    private readonly args: string[],
    public url: string,
    public token: string,
  ) {}

  /** `before` finds the data folder as it will be when the program starts. */
  static async start(secrets: "memory" | "keyring", before?: (folder: string) => void): Promise<Program> {
    const binary = process.env.MOSTRADOR_HEADLESS;
    if (!binary) throw new Error("MOSTRADOR_HEADLESS must say where the headless program is");
    const folder = mkdtempSync(join(tmpdir(), "mostrador-e2e-"));
    before?.(folder);
    const args = ["--data", folder, "--port", "0", "--secrets", secrets, "--practice", "--ui", DIST];
    const { child, url, token } = await run(binary, args, folder);
    return new Program(child, folder, [binary, ...args], url, token);
  }

  /** `kill -9`: it gets no chance to put anything away. */
  async die(): Promise<void> {
    const gone = new Promise((done) => this.child.once("exit", done));
    this.child.kill("SIGKILL");
    await gone;
  }

  /** The next start on the same folder. */
  async startAgain(): Promise<void> {
    const [binary, ...args] = this.args;
    const { child, url, token } = await run(binary ?? "", args, this.folder);
    Object.assign(this, { child, url, token });
  }

  /** The page's address, with the key of this run after the hash. */
  get page(): string {
    return `${this.url}/#token=${this.token}`;
  }

  async call<C extends keyof Commands>(command: C, args: Commands[C]["args"]): Promise<Commands[C]["result"]> {
    const answer = await fetch(`${this.url}/api/${command}`, {
      method: "POST",
      headers: { authorization: `Bearer ${this.token}`, "content-type": "application/json" },
      body: JSON.stringify(args),
    });
    const body = await answer.json();
    if (!answer.ok) throw new Error(`${command} answered ${answer.status} ${JSON.stringify(body)}`);
    return body as Commands[C]["result"];
  }

  async stop(): Promise<void> {
    if (this.child.exitCode === null && this.child.signalCode === null) {
      const gone = new Promise((done) => this.child.once("exit", done));
      this.child.kill("SIGTERM");
      await gone;
    }
    rmSync(this.folder, { recursive: true, force: true });
  }
}

async function run(binary: string, args: string[], folder: string) {
  const child = spawn(binary, args, { env: withoutDesktop(folder), stdio: ["ignore", "pipe", "inherit"] });
  const { url, token } = JSON.parse(await firstLine(child)) as { url: string; token: string };
  return { child, url: url.replace(/\/$/, ""), token };
}

/** No session bus: the keyring cannot be there, and no test rings the desktop of whoever runs it. */
function withoutDesktop(folder: string): NodeJS.ProcessEnv {
  const env = { ...process.env, XDG_RUNTIME_DIR: folder, HOME: folder, LANG: "C.UTF-8", LC_ALL: "C.UTF-8" };
  delete (env as NodeJS.ProcessEnv).DBUS_SESSION_BUS_ADDRESS;
  delete (env as NodeJS.ProcessEnv).DISPLAY;
  return env;
}

export function firstLine(child: ChildProcess): Promise<string> {
  return new Promise((done, fail) => {
    if (!child.stdout) return fail(new Error("the program has no output"));
    createInterface({ input: child.stdout }).once("line", done);
    child.once("exit", (code) => fail(new Error(`the program ended with ${code} before it said where it listens`)));
    child.once("error", fail);
  });
}
