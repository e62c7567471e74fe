import type { EndpointField, EndpointView, SchemaView } from "../../platform";

/** What was typed into a form, by place: nothing typed is nothing given. */
export type Typed = Record<string, string>;

/** A value and its place (`count`, `body.to`), as the core names places in what it complains of. */
export type Slot = { at: string; field: EndpointField };

/** The place of the whole body, where any JSON may be tried. */
export const WHOLE = "body";

export type Given = { parameters: Record<string, unknown>; body: unknown };

/** What the typed words are, or the places of those that are no JSON. */
export type Read = { given: Given; unreadable: string[] };

export function slots(fields: EndpointField[], above = ""): Slot[] {
  return fields.map((field) => ({ at: above + field.name, field }));
}

export function bodyFields(endpoint: EndpointView): EndpointField[] {
  return endpoint.body?.kind === "json" ? endpoint.body.fields : [];
}

/** Has the body no fields of its own, so that any JSON is typed? */
export function isFree(endpoint: EndpointView): boolean {
  return endpoint.body?.kind === "json" && endpoint.body.fields.length === 0;
}

/** Is it typed as JSON? A list of plain values is typed line by line. */
export function isJson(schema: SchemaView): boolean {
  const inside = schema.items?.kind;
  return schema.kind === "object" || (schema.kind === "array" && (inside === "object" || inside === "array"));
}

export function readForm(endpoint: EndpointView, typed: Typed): Read {
  const unreadable: string[] = [];
  const read = (list: Slot[]) => {
    const values: [string, unknown][] = [];
    for (const { at, field } of list) {
      const text = typed[at] ?? "";
      if (text.trim() === "") continue;
      try {
        values.push([field.name, meant(field.schema, text)]);
      } catch {
        unreadable.push(at);
      }
    }
    return Object.fromEntries(values);
  };
  const parameters = read([...slots(endpoint.inPath), ...slots(endpoint.inQuery)]);
  return { given: { parameters, body: bodyOf(endpoint, typed, read, unreadable) }, unreadable };
}

function bodyOf(
  endpoint: EndpointView,
  typed: Typed,
  read: (list: Slot[]) => Record<string, unknown>,
  unreadable: string[],
): unknown {
  if (endpoint.body?.kind !== "json") return null;
  if (!isFree(endpoint)) {
    const fields = read(slots(endpoint.body.fields, "body."));
    return endpoint.body.required || Object.keys(fields).length > 0 ? fields : null;
  }
  const text = typed[WHOLE] ?? "";
  if (text.trim() === "") return null;
  try {
    return JSON.parse(text);
  } catch {
    unreadable.push(WHOLE);
    return null;
  }
}

/** A number that is none stays text: the core says what is wrong with it. */
function meant(schema: SchemaView, text: string): unknown {
  if (isJson(schema)) return JSON.parse(text);
  switch (schema.kind) {
    case "integer":
    case "number": {
      const number = Number(text.trim());
      return Number.isFinite(number) ? number : text;
    }
    case "boolean":
      return text === "true";
    case "array": {
      const { items } = schema;
      const lines = text.split("\n").filter((line) => line.trim() !== "");
      return items ? lines.map((line) => meant(items, line.trim())) : lines;
    }
    default:
      return text;
  }
}

/** Does a value of this name let somebody in? Such a one is hidden while it is typed, and not copied. */
export function isSecret(name: string): boolean {
  return /token|password|secret|api_?key|authorization|proxy|^key$/i.test(name);
}

/** The value with each secret in it named in its place, and all that stands below headers or a proxy. */
function told(value: unknown, name = "", below = false): unknown {
  if (Array.isArray(value)) return value.map((item) => told(item, name, below));
  if (value && typeof value === "object") {
    const inside = below || /^(headers|proxy)/i.test(name);
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, told(inner, key, inside)]));
  }
  return value && (below || isSecret(name)) ? `<${name}>` : value;
}

/**
 * The same call for a terminal. The secret is a name that whoever runs it fills; others are named where they go. A typed path may want
 * what is in the body: then nothing else is carried, as when the core makes the call; and some carry their query in a body.
 */
export function asCurl(
  base: string,
  header: string,
  endpoint: EndpointView,
  given: Given,
  file: Pick<File, "name" | "type"> | null,
): string {
  const spelt = (value: unknown) => (Array.isArray(value) ? value.join(",") : String(value));
  let body = given.body;
  const path = endpoint.path.replaceAll(/\{(\w+)\}/g, (whole, name: string) => {
    const found = [given.parameters, given.body].find((values) => Object.hasOwn(Object(values), name));
    if (found && found === given.body) body = null;
    return found ? encodeURIComponent(spelt(told((found as Typed)[name], name))) : whole;
  });
  const asked = endpoint.inQuery.map(({ name }) => name).filter((name) => name in given.parameters);
  const queried = asked.map((name) => [name, told(given.parameters[name], name)] as const);
  if (endpoint.queryInBody) body = Object.fromEntries(queried.splice(0));
  const query = new URLSearchParams(queried.map(([name, value]) => [name, spelt(value)])).toString();
  const parts = [
    endpoint.method === "HEAD" ? "curl --head" : `curl --request ${endpoint.method}`,
    quoted(base + path + (query ? `?${query}` : "")),
    `--header "${header} $TOKEN"`,
  ];
  const carries = (type: string) => `--header ${quoted(`Content-Type: ${type}`)}`;
  if (file) parts.push(carries(file.type || "application/octet-stream"), `--data-binary ${quoted(`@${file.name}`)}`);
  else if (body !== null) parts.push(carries("application/json"), `--data ${quoted(JSON.stringify(told(body)))}`);
  return parts.join(" \\\n  ");
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
