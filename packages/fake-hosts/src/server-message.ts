/** A request as a route sees it. */
export interface HttpRequest {
  readonly method: string;
  /** Without the query. */
  readonly path: string;
  /** The parts of the path that the route names, decoded. */
  readonly params: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  readonly headers: Readonly<Record<string, string>>;
  /** Parsed JSON; null where there is none. */
  readonly body: unknown;
}

/** An answer before it is written. */
export interface HttpAnswer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** Written as JSON; a string as it is. Absent: empty. */
  readonly body?: unknown;
}

/** One line of the log of a server. Holds no header, and so no credential. */
export interface LoggedRequest {
  readonly method: string;
  /** With the query. */
  readonly path: string;
  readonly status: number;
  /** Name of the GraphQL operation, where it was one. */
  readonly operation: string | null;
  /** Whether it counted against the quota: a 304 does not. */
  readonly counted: boolean;
}

/** Answers with JSON. */
export function json(body: unknown, status = 200, headers: Readonly<Record<string, string>> = {}): HttpAnswer {
  return { status, headers, body };
}

/** A field of a request's body as text; null where it is none. */
export function textField(body: unknown, name: string): string | null {
  const value = fieldOf(body, name);
  return typeof value === 'string' ? value : null;
}

/** A field of a request's body as a list of texts; empty where it is none. */
export function listField(body: unknown, name: string): readonly string[] {
  const value = fieldOf(body, name);
  return Array.isArray(value) ? value.filter((each) => typeof each === 'string') : [];
}

/** A field of a request's body, whatever it is. */
export function fieldOf(body: unknown, name: string): unknown {
  return typeof body === 'object' && body !== null ? Reflect.get(body, name) : undefined;
}
