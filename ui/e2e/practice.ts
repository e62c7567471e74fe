import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { firstLine } from "./program";

/** What a simulated person got, once for each time. */
export type Delivered = { recipient: string; kind: string; body: string | null; media_sha256: string | null };

/**
 * The practice shop as a gateway of its own, in another process than the program: it goes on when the program dies, and it
 * can be away while the program goes on. What it knows outlives it.
 */
export class Practice {
  private child: ChildProcess | null = null;

  private constructor(
    private readonly folder: string,
    readonly url: string,
    readonly token: string,
  ) {}

  static async start(): Promise<Practice> {
    const folder = mkdtempSync(join(tmpdir(), "mostrador-practice-"));
    const { child, url, token } = await run(folder, []);
    const practice = new Practice(folder, url.replace(/\/$/, ""), token);
    practice.child = child;
    return practice;
  }

  /** The network is down, as the program sees it. */
  async goAway(): Promise<void> {
    const { child } = this;
    this.child = null;
    if (!child || child.exitCode !== null) return;
    const gone = new Promise((done) => child.once("exit", done));
    child.kill("SIGTERM");
    await gone;
  }

  async comeBack(): Promise<void> {
    const { child } = await run(this.folder, ["--port", new URL(this.url).port, "--token", this.token]);
    this.child = child;
  }

  async stop(): Promise<void> {
    await this.goAway();
    rmSync(this.folder, { recursive: true, force: true });
  }

  async delivered(): Promise<Delivered[]> {
    const answer = await fetch(`${this.url}/sandbox/ledger`);
    return ((await answer.json()) as { entries: Delivered[] }).entries;
  }
}

async function run(folder: string, more: string[]): Promise<{ child: ChildProcess; url: string; token: string }> {
  const binary = process.env.MOSTRADOR_PRACTICE;
  if (!binary) throw new Error("MOSTRADOR_PRACTICE must say where the practice shop's program is");
  const args = ["--tests", "--state", join(folder, "practice.json"), ...more];
  const child = spawn(binary, args, { stdio: ["ignore", "pipe", "inherit"] });
  const said = JSON.parse(await firstLine(child)) as { url: string; token: string };
  return { child, ...said };
}
