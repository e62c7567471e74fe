import { Coalesced, type MemberView, type Platform } from "../../platform";
import { phoneWords } from "../../words";

/** Who is in a group hardly changes, and every message says that something has: it is not read again sooner. */
const REST_MS = 30_000;

/** Who is in the open group. Where nobody says, it is empty: then those who wrote are all that is known. */
export class Group {
  members = $state.raw<MemberView[]>([]);
  /** By address; somebody without a name by the number. */
  readonly people: ReadonlyMap<string, string> = $derived(
    new Map(this.members.flatMap(({ address, name, number }) => named(address, name, number))),
  );
  readonly pictures: ReadonlyMap<string, number | null> = $derived(
    new Map(this.members.map(({ address, pictureId }) => [address, pictureId])),
  );

  private readAt = 0;
  private readonly reading = new Coalesced(() => this.read());

  constructor(
    private readonly platform: Platform,
    private readonly chatId: number,
  ) {}

  load(): void {
    if (Date.now() - this.readAt >= REST_MS) void this.reading.request();
  }

  private async read(): Promise<void> {
    try {
      this.readAt = Date.now();
      this.members = (await this.platform.call("group_get", { chatId: this.chatId })).members;
    } catch {
      // What is known stays; it is asked for again when the chat changes next.
    }
  }
}

function named(address: string, name: string | null, number: string | null): [string, string][] {
  const words = name ?? (number === null ? null : phoneWords(number));
  return words === null ? [] : [[address, words]];
}
