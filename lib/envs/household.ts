/**
 * The household text world of ALFWorld (Shridhar et al. 2021): its preconditions and effects as in the domain
 * `alfred.pddl` of alfworld 0.4.2, its sentences as in `alfred.twl2`; games played in both agree to the letter
 * (tests/expected/household.py). One thing is simpler: an object is where its receptacle is.
 *
 * Two versions of the game differ in one command: up to 0.3 `put apple 1 in/on fridge 1`, since then `move apple 1
 * to fridge 1`. Both are taken, each answered in its version's words; the kit's own texts use the first, which is
 * what the paper's trajectories have. "You arrive at …" is left out before what is seen, as agents' prompts have
 * done since ReAct.
 */
import type { SearchableEnvironment } from "./environment";
import { fits, tools } from "./household-kinds";
import {
  contents,
  copyWorld,
  type Game,
  goalReached,
  HAND,
  held,
  openWorld,
  reachable,
  type World,
} from "./household-world";

/** What an action does; null where its preconditions fail, which the game answers with "Nothing happens.". */
type Effect = (world: World, a: string, b: string) => string | null;

const commands: readonly (readonly [RegExp, Effect])[] = [
  [/^go to (\S+ \d+)$/, goTo],
  [/^take (\S+ \d+) from (\S+ \d+)$/, take],
  [/^put (\S+ \d+) (?:in\/on|into|in|on) (\S+ \d+)$/, put],
  [/^move (\S+ \d+) to (\S+ \d+)$/, move],
  [/^open (\S+ \d+)$/, open],
  [/^close (\S+ \d+)$/, close],
  [/^heat (\S+ \d+) with (\S+ \d+)$/, (world, item, tool) => treat(world, "heat", item, tool)],
  [/^cool (\S+ \d+) with (\S+ \d+)$/, (world, item, tool) => treat(world, "cool", item, tool)],
  [/^clean (\S+ \d+) with (\S+ \d+)$/, (world, item, tool) => treat(world, "clean", item, tool)],
  [/^slice (\S+ \d+) with (\S+ \d+)$/, slice],
  [/^use (\S+ \d+)$/, use],
  [/^examine (\S+ \d+)$/, (world, name) => see(world, name) ?? describe(world, name)],
  [/^inventory$/, inventory],
  [/^look$/, look],
];

/** Performs one action and gives the observation. Changes the world; unknown or impossible actions leave it as it is. */
export function perform(world: World, action: string): string {
  const text = action.trim().toLowerCase().replace(/\s+/g, " ");
  for (const [pattern, effect] of commands) {
    const match = pattern.exec(text);
    if (match) return effect(world, match[1] ?? "", match[2] ?? "") ?? "Nothing happens.";
  }
  return "Nothing happens.";
}

function goTo(world: World, name: string) {
  const receptacle = world.receptacles.get(name);
  // Going to where one is has no effect, and the original offers no action without an effect.
  if (!receptacle || receptacle.location === world.at) return null;
  world.at = receptacle.location;
  return see(world, name);
}

function open(world: World, name: string) {
  const receptacle = world.receptacles.get(name);
  if (!receptacle?.openable || receptacle.location !== world.at || world.open.has(name)) return null;
  world.open.add(name);
  return `You open the ${name}. ${see(world, name)}`;
}

function close(world: World, name: string) {
  if (world.receptacles.get(name)?.location !== world.at || !world.open.delete(name)) return null;
  return `You close the ${name}.`;
}

function take(world: World, item: string, from: string) {
  const can = world.items.get(item)?.can.includes("take");
  if (!can || held(world) || world.place.get(item) !== from || !reachable(world, from)) return null;
  world.place.set(item, HAND);
  world.facts.add(`left ${from} ${item}`);
  return `You pick up the ${item} from the ${from}.`;
}

function place(world: World, item: string, target: string): boolean {
  const receptacle = world.receptacles.get(target);
  if (world.place.get(item) !== HAND || !receptacle || !reachable(world, target)) return false;
  if (!fits(receptacle.type, world.items.get(item)!.type)) return false;
  world.place.set(item, target);
  return true;
}

function put(world: World, item: string, target: string) {
  return place(world, item, target) ? `You put the ${item} in/on the ${target}.` : null;
}

function move(world: World, item: string, target: string) {
  return place(world, item, target) ? `You move the ${item} to the ${target}.` : null;
}

/** Heating and cooling undo each other; neither needs the microwave or the fridge to be open. */
function treat(world: World, treatment: keyof typeof tools, item: string, tool: string) {
  const receptacle = world.receptacles.get(tool);
  if (receptacle?.type !== tools[treatment] || receptacle.location !== world.at) return null;
  if (world.place.get(item) !== HAND || !world.items.get(item)!.can.includes(treatment)) return null;
  if (treatment === "heat") world.facts.delete(`cool ${item}`);
  if (treatment === "cool") world.facts.delete(`hot ${item}`);
  world.facts.add(`${treatment === "heat" ? "hot" : treatment} ${item}`);
  return `You ${treatment} the ${item} using the ${tool}.`;
}

function slice(world: World, item: string, knife: string) {
  const blade = world.place.get(knife) === HAND && /^(?:butter)?knife$/.test(world.items.get(knife)!.type);
  const near = world.receptacles.get(world.place.get(item) ?? "")?.location === world.at;
  if (!blade || !near || !world.items.get(item)!.can.includes("slice")) return null;
  world.facts.add(`sliced ${item}`);
  return `You sliced the ${item} with the ${knife}.`;
}

/** A lamp that was once turned on counts as on for good: the original never unsets it. */
function use(world: World, item: string) {
  const near = world.receptacles.get(world.place.get(item) ?? "")?.location === world.at;
  if (!near || !world.items.get(item)!.can.includes("use")) return null;
  world.facts.add(`on ${item}`);
  return `You turn on the ${item}.`;
}

/** `a mug 2, a mug 1, and a pen 1` */
function list(names: readonly string[]): string {
  const things = names.map((name) => `a ${name}`);
  if (things.length < 2) return things[0] ?? "nothing";
  return `${things.slice(0, -1).join(", ")}, and ${things.at(-1)}`;
}

/** What a receptacle shows, from its own location. */
function see(world: World, name: string): string | null {
  const receptacle = world.receptacles.get(name);
  if (!receptacle || receptacle.location !== world.at) return null;
  if (!receptacle.openable) return `On the ${name}, you see ${list(contents(world, name))}.`;
  if (!world.open.has(name)) return `The ${name} is closed.`;
  return `The ${name} is open. In it, you see ${list(contents(world, name))}.`;
}

/** Only what is held can be examined: the domain says more, but the original's engine offers no more. */
function describe(world: World, name: string): string | null {
  const item = world.items.get(name);
  if (!item || world.place.get(name) !== HAND) return null;
  if (item.can.includes("contain")) return `This is a normal ${name}. In it, you see ${list(item.inside)}.`;

  const is = (condition: string) => world.facts.has(`${condition} ${name}`);
  const heat = is("hot") ? "hot" : is("cool") ? "cool" : "";
  const state = [heat, is("clean") ? "clean" : ""].filter(Boolean).join(" and ");
  if (is("sliced")) return `This is a ${state}${state && " "}sliced ${name}.`;
  if (state) return `This is a ${state === "cool" ? "cold" : state} ${name}.`;
  return `There's nothing special about ${name}.`;
}

function inventory(world: World): string {
  const item = held(world);
  return item ? `You are carrying: a ${item}.` : "You are not carrying anything.";
}

const middle = (names: readonly string[]) =>
  `You are in the middle of a room. Looking quickly around you, you see ${list(names)}.`;

function look(world: World): string {
  const names = world.game.receptacles.filter((r) => r.location === world.at).map((r) => r.name);
  // The original lists the room once, at the start; whoever looks again before going anywhere is told this.
  if (names.length === 0) return middle([]);
  // Beside are things that the agent has moved from one receptacle of this place to another.
  const beside = names.flatMap((name) =>
    contents(world, name).filter((i) => names.some((n) => n !== name && world.facts.has(`left ${n} ${i}`))),
  );
  const facing = list(names).replace(/\ba (?=\S+ \d)/g, "");
  return `You are facing the ${facing}. Next to it, you see ${list(beside)}.`;
}

/** Everything that changes the world from here, what is rarest first. */
function admissible(world: World): string[] {
  const hand = held(world);
  const here = world.game.receptacles.filter((r) => r.location === world.at);
  const treats = hand
    ? here.flatMap((r) =>
        Object.entries(tools)
          .filter(([verb, tool]) => tool === r.type && world.items.get(hand)!.can.includes(verb as "heat"))
          .map(([verb]) => `${verb} ${hand} with ${r.name}`),
      )
    : [];
  const reach = here.filter((r) => reachable(world, r.name));
  const things = reach.flatMap((r) => contents(world, r.name).map((name) => ({ name, from: r.name })));
  const able = (name: string, what: "take" | "use") => world.items.get(name)!.can.includes(what);
  return [
    ...things.filter((t) => able(t.name, "use")).map((t) => `use ${t.name}`),
    ...treats,
    ...(hand
      ? reach
          .filter((r) => fits(r.type, world.items.get(hand)!.type))
          .map((r) => `put ${hand} in/on ${r.name}`)
      : things.filter((t) => able(t.name, "take")).map((t) => `take ${t.name} from ${t.from}`)),
    ...here.filter((r) => r.openable && !world.open.has(r.name)).map((r) => `open ${r.name}`),
    ...world.game.receptacles.filter((r) => r.location !== world.at).map((r) => `go to ${r.name}`),
  ];
}

/** The world as an environment. Reward 1 and the end as soon as the goal holds. */
export function household(game: Game, start: World = openWorld(game)): SearchableEnvironment {
  let world = start;
  return {
    reset() {
      world = openWorld(game);
      return `${middle(game.receptacles.map((r) => r.name))}\nYour task is to: ${game.task}.`;
    },
    step(action) {
      const observation = perform(world, action);
      const done = goalReached(world);
      return { observation, done, reward: done ? 1 : 0 };
    },
    close() {},
    clone: () => household(game, copyWorld(world)),
    actions: () => admissible(world),
    fingerprint() {
      const facts = [...world.facts].filter((fact) => !fact.startsWith("left "));
      return JSON.stringify([world.at, [...world.open].sort(), [...world.place], facts.sort()]);
    },
  };
}
