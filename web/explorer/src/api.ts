// Asks the server it came from, as the signed-in role; an answer is data or one Problem that a person understands.
// It must not know any page. The token stays in this tab's session and goes nowhere else.

import { t } from "./words";

export class Problem extends Error {
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
  const headers: Record<string, string> = { "Content-Type": "application/json" };
  const held = token();
  if (held) headers.Authorization = `Bearer ${held}`;
  const timeout = AbortSignal.timeout(WAIT);
  let reply: Response;
  let body: any;
  try {
    reply = await fetch("/graphql", {
      method: "POST",
      headers,
      body: JSON.stringify({ query, variables }),
      signal: signal ? AbortSignal.any([signal, timeout]) : timeout,
    });
    body = await reply.json();
  } catch (error) {
    if (signal?.aborted) throw new Problem("CANCELLED", t("cancelled"));
    if (timeout.aborted) throw new Problem("TIMEOUT", t("tooSlow"));
    throw new Problem("UNREACHABLE", t("unreachable"));
  }
  const errors = ((body.errors ?? []) as any[]).map(
    (each) => new Problem(each.extensions?.code ?? "INTERNAL", each.message, each.extensions?.argument ?? null),
  );
  if (errors.some((each) => each.code === "UNAUTHENTICATED")) {
    throw new Problem("UNAUTHENTICATED", t("expired"));
  }
  const empty = !body.data || Object.values(body.data).every((value) => value === null);
  if (errors.length && empty) throw errors[0];
  if (!body.data) throw new Problem("INTERNAL", `HTTP ${reply.status}`);
  return { data: body.data as T, cut: body.extensions?.cut ?? [], errors, asOf: body.extensions?.asOf ?? "" };
}
