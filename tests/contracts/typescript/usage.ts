// What an app does with the client that is generated from the description: find, reserve, list, read what came of it.
// It is compiled, never run: a change of the description that breaks an app breaks this.
import createClient from "openapi-fetch";

import type { components, paths } from "./windrow";

type Offer = components["schemas"]["Offer"];
type Problem = components["schemas"]["Problem"];

const windrow = createClient<paths>({ baseUrl: "https://hub.example.org" });

/** A problem's stable name, as the documentation lists it: "window-closed". */
function slug(problem: Problem): string {
  return problem.type.replace("urn:windrow:problem:", "");
}

export async function search(round: number, words: string): Promise<Offer[]> {
  const found: Offer[] = [];
  let cursor: string | undefined;
  do {
    const { data, error } = await windrow.GET("/api/v1/rounds/{round_id}/offers/", {
      params: { path: { round_id: round }, query: { q: words, without: ["gluten"], sort: "unit", cursor } },
    });
    if (error !== undefined) throw new Error(slug(error));
    found.push(...data.results);
    cursor = data.next === null ? undefined : (new URL(data.next).searchParams.get("cursor") ?? undefined);
  } while (cursor !== undefined);
  return found;
}

export async function reserve(token: string, round: number, offer: Offer, atLeast: number, extra: number): Promise<string> {
  const { data, error, response } = await windrow.POST("/api/v1/rounds/{round_id}/reservation/", {
    params: { path: { round_id: round }, header: { "Idempotency-Key": crypto.randomUUID() } },
    body: {
      lines: [{ offer_id: offer.id, firm: atLeast, flexible: extra, flexible_for: "price", seen_version: offer.version }],
    },
    headers: { "X-Session-Token": token },
  });
  if (error !== undefined) {
    if (slug(error) === "window-closed") return error.next_step;
    throw new Error(error.errors.map((mistake) => `${mistake.pointer ?? ""} ${mistake.detail}`).join("\n"));
  }
  const [line] = data.lines;
  return line?.status === "waiting" ? `${line.waits_for} missing` : (response.headers.get("ETag") ?? "");
}

export async function replace(token: string, round: number, etag: string, lines: components["schemas"]["WantedLine"][]) {
  return windrow.PUT("/api/v1/rounds/{round_id}/reservation/", {
    params: { path: { round_id: round }, header: { "Idempotency-Key": crypto.randomUUID(), "If-Match": etag } },
    body: { lines },
    headers: { "X-Session-Token": token },
  });
}

export async function outcome(token: string, round: number): Promise<string[]> {
  const { data, error } = await windrow.GET("/api/v1/rounds/{round_id}/reservation/outcome/", {
    params: { path: { round_id: round } },
    headers: { "X-Session-Token": token },
  });
  if (error !== undefined) throw new Error(slug(error));
  const steps = data.way.filter((step) => step.mark === "done").map((step) => step.code);
  return [...data.lines.map((line) => `${line.got} × ${line.product_name}: ${line.sentence}`), data.sums.total, ...steps];
}

export async function unread(token: string): Promise<number> {
  const { data } = await windrow.GET("/api/v1/inbox/unread/", { headers: { "X-Session-Token": token } });
  return data?.unread ?? 0;
}
