// Asks the endpoint of this page, and nobody else.

import { say } from "./texts.ts";

/** What went wrong, in words for the reader, and where in the query. */
export class Problem extends Error {
  constructor(
    message: string,
    readonly line?: number,
    readonly column?: number,
  ) {
    super(message);
  }
}

/** Characters of a URL beyond which a query is sent as a form: proxies refuse long ones. */
const LONGEST_URL = 4000;

/**
 * Ask a query in one of the types of `accept`. Throws a Problem that can be shown, or an AbortError after `signal`;
 * aborting closes the connection, and with it the server stops the query.
 */
export async function ask(endpoint: string, query: string, accept: string, signal?: AbortSignal): Promise<Response> {
  const body = new URLSearchParams({ query });
  const address = `${endpoint}?${body}`;
  const headers = { Accept: accept, "Accept-Language": document.documentElement.lang };
  let response: Response;
  try {
    response =
      address.length <= LONGEST_URL
        ? await fetch(address, { headers, signal })
        : await fetch(endpoint, { method: "POST", body, headers, signal });
  } catch (error) {
    throw aborted(error) ? error : new Problem(say("away"));
  }
  if (!response.ok) throw await problem(response);
  return response;
}

/** The whole text of an answer; a Problem where it breaks off. */
export async function whole<T>(reading: Promise<T>): Promise<T> {
  try {
    return await reading;
  } catch (error) {
    throw aborted(error) ? error : new Problem(say("broken"));
  }
}

/** Whether an error says that the reader stopped it. */
export function aborted(error: unknown): boolean {
  return error instanceof DOMException && error.name === "AbortError";
}

async function problem(response: Response): Promise<Problem> {
  const text = await response.text();
  try {
    const told = JSON.parse(text) as { detail?: string; title?: string; line?: number; column?: number };
    return new Problem(told.detail ?? told.title ?? String(response.status), told.line, told.column);
  } catch {
    return new Problem(`${response.status} ${response.statusText}`); // a proxy in between answered
  }
}
