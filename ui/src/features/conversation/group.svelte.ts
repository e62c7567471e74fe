import { Coalesced, type DeviceView, type GroupView, type MemberView, type Platform } from "../../platform";
import { phoneWords } from "../../words";

/** Who is in a group hardly changes, and every message says that something has: it is not read again sooner, but then it is. */
export const REST_MS = 30_000;

/** Only admins write there, and this number is in it and no admin. Whose rank nobody tells may write: its gateway will say. */
export function isShut(group: Pick<GroupView, "readOnly" | "members">, device: DeviceView | undefined): boolean {
  const own = device?.ownNumber?.replace("+", "");
  const isUs = ({ number, rank }: MemberView) => rank === "member" && number?.replace("+", "") === own;
  return own !== undefined && group.readOnly && group.members.some(isUs);
}

/** Who is in the open group. Where nobody says, it is empty: then those who wrote are all that is known. */
export class Group {
  members = $state.raw<MemberView[]>([]);
  /** Only admins write. */
  readOnly = $state(false);
  /** By address; somebody without a name by the number. */
  readonly people: ReadonlyMap<string, string> = $derived(
    new Map(this.members.flatMap(({ address, name, number }) => named(address, name, number))),
  );
  readonly pictures: ReadonlyMap<string, number | null> = $derived(
    new Map(this.members.map(({ address, pictureId }) => [address, pictureId])),
  );

  private readAt = 0;
  private rest: ReturnType<typeof setTimeout> | null = null;
  private closed = false;
  private readonly reading = new Coalesced(() => this.read());

  constructor(
    private readonly platform: Platform,
    private readonly chatId: number,
  ) {}

  load(): void {
    if (this.closed || this.rest) return;
    const left = this.readAt + REST_MS - Date.now();
    if (left <= 0) void this.reading.request();
    else this.rest = setTimeout(() => this.rested(), Math.min(left, REST_MS));
  }

  close(): void {
    this.closed = true;
    if (this.rest) clearTimeout(this.rest);
    this.rest = null;
  }

  private rested(): void {
    this.rest = null;
    void this.reading.request();
  }

  private async read(): Promise<void> {
    try {
      this.readAt = Date.now();
      const { members, readOnly } = await this.platform.call("group_get", { chatId: this.chatId });
      this.members = members;
      this.readOnly = readOnly;
    } catch {
      // What is known stays; it is asked for again when the chat changes next.
    }
  }
}

function named(address: string, name: string | null, number: string | null): [string, string][] {
  const words = name ?? (number === null ? null : phoneWords(number));
  return words === null ? [] : [[address, words]];
}
