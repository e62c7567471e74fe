/**
 * Reads `text/event-stream` from a fetch body. `EventSource` cannot send the bearer header, hence this small reader. Only
 * `data:` lines matter here; comments (keep-alives) and other fields are passed over, as the format asks.
 */
export class EventStreamReader {
  private rest = "";
  private data: string[] = [];

  constructor(private readonly emit: (data: string) => void) {}

  push(chunk: string): void {
    this.rest += chunk;
    for (;;) {
      const end = this.rest.search(/\r\n|\n|\r(?!$)/);
      if (end < 0) return;
      const line = this.rest.slice(0, end);
      this.rest = this.rest.slice(end + (this.rest.startsWith("\r\n", end) ? 2 : 1));
      this.line(line);
    }
  }

  private line(line: string): void {
    if (line === "") {
      if (this.data.length > 0) this.emit(this.data.join("\n"));
      this.data = [];
      return;
    }
    if (line.startsWith("data:")) this.data.push(line.slice(line.startsWith("data: ") ? 6 : 5));
  }
}
