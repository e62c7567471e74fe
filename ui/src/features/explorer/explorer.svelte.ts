import {
  asFault,
  type EndpointView,
  type ExplorerAnswer,
  type ExplorerCatalogue,
  type ExplorerProblem,
  type Fault,
  type Platform,
} from "../../platform";
import { asCurl, readForm, type Typed } from "./form";
import { fileName } from "./json-tree";

export type Answered = Extract<ExplorerAnswer, { kind: "answered" }>;
/** What is wrong with what was typed; `not_json` is seen here, the rest by the core. */
export type Problem = { at: string; why: ExplorerProblem["why"] | "not_json"; limit: number | null };

/** The operations of one gateway, the one that is looked at, and what it answered. */
export class Explorer {
  catalogue = $state.raw<ExplorerCatalogue | null>(null);
  fault = $state.raw<Fault | null>(null);
  search = $state("");
  /** Of a gateway with several generations of calls: the one whose calls are listed. "": all. */
  generation = $state("");
  chosen = $state.raw<EndpointView | null>(null);
  typed = $state<Typed>({});
  file = $state.raw<File | null>(null);
  problems = $state.raw<Problem[]>([]);
  answer = $state.raw<Answered | null>(null);
  callFault = $state.raw<Fault | null>(null);
  asking = $state(false);
  /** The answer's file was saved. */
  saved = $state(false);
  busy = $state(false);

  readonly groups = $derived.by(() => {
    const words = this.search.toLowerCase().split(/\s+/).filter(Boolean);
    const groups = new Map<string, EndpointView[]>();
    for (const endpoint of this.catalogue?.endpoints ?? []) {
      if (this.generation !== "" && !endpoint.generations.includes(this.generation)) continue;
      const hay = `${endpoint.id} ${endpoint.method} ${endpoint.path} ${this.nameOf(endpoint.group)}`.toLowerCase();
      if (!words.every((word) => hay.includes(word))) continue;
      groups.set(endpoint.group, [...(groups.get(endpoint.group) ?? []), endpoint]);
    }
    return [...groups].map(([group, endpoints]) => ({ group, endpoints }));
  });
  /** The generations of calls that there are; none: the gateway has only one. */
  readonly generations = $derived([
    ...new Set((this.catalogue?.endpoints ?? []).flatMap(({ generations }) => generations)),
  ]);

  /** `nameOf`: what a group is called on the screen. */
  constructor(
    private readonly platform: Platform,
    private readonly deviceId: number,
    private readonly nameOf: (group: string) => string,
  ) {}

  /** What the gateway is said to do in this group, and publishes no call for; not among what is searched. */
  absentOf(group: string): string[] {
    const absent = this.search.trim() === "" ? (this.catalogue?.absent ?? []) : [];
    return absent.filter((one) => one.group === group).map((one) => one.id);
  }

  async load(): Promise<void> {
    this.fault = null;
    try {
      this.catalogue = await this.platform.call("explorer_list", { deviceId: this.deviceId });
      this.generation = this.catalogue.generation ?? "";
    } catch (thrown) {
      this.fault = asFault(thrown);
    }
  }

  choose(endpoint: EndpointView): void {
    if (this.busy || endpoint.id === this.chosen?.id) return;
    this.chosen = endpoint;
    this.typed = {};
    this.file = null;
    this.problems = [];
    this.answer = null;
    this.callFault = null;
  }

  problemAt(at: string): Problem | undefined {
    return this.problems.find((problem) => problem.at === at || problem.at.startsWith(`${at}.`));
  }

  /** Calls, or asks first where that cannot be taken back. */
  async go(confirmed = false): Promise<void> {
    const endpoint = this.chosen;
    if (!endpoint || this.busy) return;
    this.asking = false;
    const { given, unreadable } = readForm(endpoint, this.typed);
    this.problems = unreadable.map((at) => ({ at, why: "not_json", limit: null }));
    if (this.problems.length > 0) return;
    if (endpoint.danger !== null && !confirmed) {
      this.asking = true;
      return;
    }
    this.busy = true;
    this.answer = null;
    this.saved = false;
    this.callFault = null;
    try {
      const file = await carried(this.file);
      const { deviceId } = this;
      const args = { deviceId, endpoint: endpoint.id, ...given, file, confirmed };
      this.came(await this.platform.call("explorer_call", args));
    } catch (thrown) {
      this.callFault = asFault(thrown);
    } finally {
      this.busy = false;
    }
  }

  /** Puts the file that came back where the operator wants it. */
  async save(): Promise<void> {
    const { answer, chosen } = this;
    if (answer?.content.kind !== "file" || !chosen) return;
    this.callFault = null;
    try {
      const name = fileName(chosen.id, answer.mediaType);
      const kept = await this.platform.saveFile(name, answer.content.contentBase64, answer.mediaType ?? "");
      this.saved = kept !== null;
    } catch (thrown) {
      this.callFault = asFault(thrown);
    }
  }

  curl(): string {
    if (!this.chosen || !this.catalogue) return "";
    const { base, header } = this.catalogue;
    const { given } = readForm(this.chosen, this.typed);
    return asCurl(base, header, this.chosen, given, this.file);
  }

  private came(answer: ExplorerAnswer): void {
    if (answer.kind === "answered") this.answer = answer;
    else if (answer.kind === "invalid") this.problems = answer.problems;
    else this.asking = true;
  }
}

async function carried(file: File | null): Promise<{ mediaType: string; contentBase64: string } | null> {
  if (!file) return null;
  const bytes = new Uint8Array(await file.arrayBuffer());
  const PIECE = 0x8000;
  let text = "";
  for (let at = 0; at < bytes.length; at += PIECE) text += String.fromCharCode(...bytes.subarray(at, at + PIECE));
  return { mediaType: file.type, contentBase64: btoa(text) };
}
