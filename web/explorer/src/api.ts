// Asks the server it came from, as the signed-in role; an answer is data or one Problem that a person understands.
// It must not know any page. The token stays in this tab's session and goes nowhere else.

import { t } from "./words";

export class Problem extends Error {
  reader: string | undefined; // the role that asked, where an answer without data still says it

  constructor(
    readonly code: string,
    message: string,
    readonly argument: string | null = null,
  ) {
    super(message);
  }
}

export interface Answer<T> {
  data: T;
  cut: { field: string; of?: string; most: number }[];
  errors: Problem[];
  asOf: string;
  inconclusive: { field: string }[]; // a null that is «not conclusive», never «none»
  merged: Record<string, string>; // an id that was asked for → the id of who answers
}

const TOKEN = "creditgraph.token";
const WAIT = 60_000; // ms: longer than the server's own limit, so that its words come first

export function token(): string | null {
  return sessionStorage.getItem(TOKEN);
}

export function signIn(value: string): void {
  sessionStorage.setItem(TOKEN, value.trim().replace(/^Bearer\s+/i, ""));
}

export function signOut(): void {
  sessionStorage.removeItem(TOKEN);
}

/** A question that took the database too long is asked once more: the first of its kind pays for its plan. */
export async function ask<T>(query: string, variables: object, signal?: AbortSignal): Promise<Answer<T>> {
  try {
    return await askOnce<T>(query, variables, signal);
  } catch (error) {
    if (!(error instanceof Problem && error.code === "TIMEOUT") || signal?.aborted) throw error;
    return askOnce<T>(query, variables, signal);
  }
}

async function askOnce<T>(query: string, variables: object, signal?: AbortSignal): Promise<Answer<T>> {
  // A built page asks by the id of a document the server was built with (documents.json), one in development by its text.
  const document = query.startsWith("sha256:") ? { documentId: query } : { query };
  const { status, content } = await send("/graphql", { ...document, variables }, signal, (reply) => reply.json());
  performance.mark("answer");
  const body = content as any;
  const errors = problems(body);
  const empty = Object.entries(body.data ?? {}).every(([name, value]) => value === null || name === "viewer");
  if (errors.length && empty) throw Object.assign(errors[0], { reader: body.data?.viewer?.role });
  if (!body.data) throw new Problem("INTERNAL", `HTTP ${status}`);
  return { data: body.data as T, cut: body.extensions?.cut ?? [], errors, asOf: body.extensions?.asOf ?? "", inconclusive: body.extensions?.inconclusive ?? [], merged: body.extensions?.merged ?? {} };
}

/** A file the server makes of an answer. */
export async function fetchFile(path: string, body: object, signal?: AbortSignal): Promise<Blob> {
  const { status, content } = await send(path, body, signal, (reply) => (reply.ok ? reply.blob() : reply.json()));
  if (content instanceof Blob) return content;
  throw problems(content)[0] ?? new Problem("INTERNAL", `HTTP ${status}`);
}

/** What is said against a question; a sign-in that is no longer valid comes before all else. */
function problems(body: any): Problem[] {
  const found = ((body.errors ?? []) as any[]).map(
    (each) => new Problem(each.extensions?.code ?? "INTERNAL", each.message, each.extensions?.argument ?? null),
  );
  if (found.some((each) => each.code === "UNAUTHENTICATED")) throw new Problem("UNAUTHENTICATED", t("expired"));
  return found;
}

async function send<T>(path: string, body: object, signal: AbortSignal | undefined, read: (reply: Response) => Promise<T>): Promise<{ status: number; content: T }> {
  const headers: Record<string, string> = { "Content-Type": "application/json" };
  const held = token();
  if (held) headers.Authorization = `Bearer ${held}`;
  const timeout = AbortSignal.timeout(WAIT);
  try {
    const reply = await fetch(path, {
      method: "POST", headers, body: JSON.stringify(body), signal: signal ? AbortSignal.any([signal, timeout]) : timeout,
    });
    return { status: reply.status, content: await read(reply) };
  } catch {
    if (signal?.aborted) throw new Problem("CANCELLED", t("cancelled"));
    if (timeout.aborted) throw new Problem("TIMEOUT", t("tooSlow"));
    throw new Problem("UNREACHABLE", t("unreachable"));
  }
}
