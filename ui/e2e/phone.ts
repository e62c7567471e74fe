import type { Program } from "./program";

export type Customer = { number: string; name: string };
export type CustomerMessage = { id: string; mine: boolean; kind: string; text: string | null; tick: string };

/** The practice phone, played by its own calls: the shop's phone that scans, and the customers who write and read. */
export class Phone {
  private constructor(private readonly api: string) {}

  static async of(program: Program): Promise<Phone> {
    const { practice } = await program.call("app_status", {});
    if (!practice) throw new Error("the program does not run the practice shop");
    return new Phone(new URL("/phone/api/", practice.phoneUrl).href);
  }

  /** The phone of a practice shop that runs by itself. */
  static at(gateway: string): Phone {
    return new Phone(new URL("/phone/api/", gateway).href);
  }

  /** Where the practice shop answers as a gateway. */
  get gateway(): string {
    return new URL(this.api).origin;
  }

  async scan(): Promise<void> {
    await this.post("scan", {});
  }

  async customers(): Promise<Customer[]> {
    return (await this.get<{ customers: Customer[] }>("customers")).customers;
  }

  async conversation(customer: Customer): Promise<CustomerMessage[]> {
    return (await this.get<{ messages: CustomerMessage[] }>(`customers/${customer.number}`)).messages;
  }

  async write(customer: Customer, text: string): Promise<void> {
    await this.post(`customers/${customer.number}/messages`, { text });
  }

  async writePicture(customer: Customer, text: string): Promise<void> {
    await this.post(`customers/${customer.number}/messages`, { picture: true, text });
  }

  /** The gateway takes its time over the next call that begins so. */
  async slow(method: string, path: string, ms: number): Promise<void> {
    const order = { method, path_prefix: path, times: 1, kind: { late_effect_ms: ms } };
    const headers = { "content-type": "application/json" };
    const ordered = { method: "POST", headers, body: JSON.stringify(order) };
    await this.answered("faults", await fetch(`${this.gateway}/sandbox/faults`, ordered));
  }

  private async get<T>(path: string): Promise<T> {
    return (await this.answered(path, await fetch(this.api + path))) as T;
  }

  private async post(path: string, body: unknown): Promise<void> {
    const headers = { "content-type": "application/json" };
    await this.answered(path, await fetch(this.api + path, { method: "POST", headers, body: JSON.stringify(body) }));
  }

  private async answered(path: string, answer: Response): Promise<unknown> {
    if (!answer.ok) throw new Error(`the phone's ${path} answered ${answer.status} ${await answer.text()}`);
    return answer.json();
  }
}
