/** A page on this machine where people rate pairs by keyboard, blinded; what they say is appended as it comes. */
import { randomUUID } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { z } from "zod";
import { check } from "../../util/check";
import { InputError } from "../../util/errors";
import { createRng } from "../../util/random";
import { type MatchedPair, swapped } from "../matched";
import { ratingPage } from "./page";
import { appendRating, raterSchema, ratingsFolder, readRatings } from "./ratings";

export interface RatingSite {
  /** With a secret, so that no other page or user of this machine can rate. */
  url: string;
  close(): Promise<void>;
}

/** What a rater sees of a pair: no source, no reward, and the sides by chance. */
export interface BlindPair {
  id: string;
  opening: string;
  left: string[];
  right: string[];
  /** What this rater said before. */
  choice: Choice | null;
}

const choiceSchema = z.enum(["left", "right", "tie"]);
export type Choice = z.infer<typeof choiceSchema>;

const bodySchema = z.strictObject({
  rater: raterSchema,
  pair: z.string(),
  choice: choiceSchema,
  seconds: z.number().nonnegative(),
});
const MAX_BODY_BYTES = 1 << 14;

/** By rater and pair, so that a rater who comes back finds things where they were. */
const firstIsLeft = (rater: string, pair: string) => createRng(`${rater}/${pair}/side`).chance(0.5);

/** The pairs that differ, in an order of the rater's own. */
export async function blindPairs(
  pairs: readonly MatchedPair[],
  rater: string,
  folder: string,
): Promise<BlindPair[]> {
  const ratings = await readRatings(folder);
  const told = new Map(ratings.filter((r) => r.rater === rater).map((r) => [r.pair, r.verdict]));
  const differing = pairs.filter(({ identical }) => !identical);
  return createRng(`${rater}/order`)
    .shuffle(differing)
    .map(({ id, first, second }) => {
      const sides = [first, second].map(({ turns }) => turns.slice(1).map(({ content }) => content));
      const straight = firstIsLeft(rater, id);
      const [left, right] = (straight ? sides : sides.toReversed()) as [string[], string[]];
      const verdict = told.get(id);
      const shown = verdict && (straight ? verdict : swapped(verdict));
      const choice =
        shown === undefined ? null : shown === "tie" ? "tie" : shown === "win" ? "left" : "right";
      return { id, opening: first.turns[0]!.content, left, right, choice };
    });
}

/**
 * Listens on 127.0.0.1 until it is closed.
 *
 * @param folder of the ratings. Default: data/ratings, or AGENTBANK_RATINGS
 * @param port default 0, a free one
 */
export async function serveRatings(
  pairs: readonly MatchedPair[],
  { folder = ratingsFolder(), port = 0 }: { folder?: string; port?: number } = {},
): Promise<RatingSite> {
  const secret = randomUUID();

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname, searchParams } = new URL(request.url!, "http://127.0.0.1");
    if (!pathname.startsWith(`/${secret}/`)) return end(response, 404, { error: "no such page" });
    const at = pathname.slice(secret.length + 2);
    if (request.method === "GET" && at === "") {
      const { html, headers } = ratingPage();
      response.writeHead(200, headers).end(html);
    } else if (request.method === "GET" && at === "pairs") {
      const rater = check(raterSchema, searchParams.get("rater"));
      end(response, 200, await blindPairs(pairs, rater, folder));
    } else if (request.method === "POST" && at === "ratings") {
      const { choice, seconds, ...told } = check(bodySchema, await readJson(request));
      if (!pairs.some(({ id }) => id === told.pair)) throw new InputError("no such pair");
      const left = choice === "tie" ? "tie" : choice === "left" ? "win" : "lose";
      const verdict = firstIsLeft(told.rater, told.pair) ? left : swapped(left);
      appendRating(folder, { version: 1, ...told, verdict, seconds, at: new Date().toISOString() });
      end(response, 200, {});
    } else end(response, 404, { error: "no such page" });
  }

  const server = createServer((request, response) => {
    answer(request, response).catch((error: Error) =>
      end(response, error instanceof InputError ? 400 : 500, { error: error.message }),
    );
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", resolve);
  });
  const address = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${address.port}/${secret}/`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function end(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { "content-type": "application/json", "cache-control": "no-store" });
  response.end(JSON.stringify(body));
}

async function readJson(request: IncomingMessage): Promise<unknown> {
  let text = "";
  for await (const chunk of request.setEncoding("utf8")) {
    text += chunk;
    if (text.length > MAX_BODY_BYTES) throw new InputError("too long");
  }
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new InputError(`not JSON: ${(error as Error).message}`);
  }
}
