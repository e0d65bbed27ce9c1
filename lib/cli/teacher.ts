import { Command } from "commander";
import { positive, wholeNumber } from "./numbers";

/** `agentbank teacher`: the simulated teacher as an OpenAI-compatible server. */
export function teacherCommand(): Command {
  return new Command("teacher")
    .description("serve the simulated teacher as OpenAI-compatible chat completions on this machine")
    .argument("[tasks...]", "tasks it knows (default: all)")
    .option("--port <n>", "port on 127.0.0.1; 0 takes a free one", wholeNumber, 8765)
    .option("--count <n>", "training instances that it knows of each task, at most", positive, 200)
    .option("--seed <n>", "seed of the generator", wholeNumber, 0)
    .option("--data <folder>", "know the official instances there instead of generated ones")
    .action(
      async (names: string[], options: { port: number; count: number; seed: number; data?: string }) => {
        const { serveModel } = await import("../llm/server.js");
        const { simulatedTeacher } = await import("../annotate/teacher.js");
        const { selectInstances } = await import("../tasks/instances.js");
        const { getTask, tasks } = await import("../tasks/registry.js");
        const lessons = [];
        for (const name of names.length > 0 ? names : tasks.map((t) => t.name)) {
          const { count, seed, data: folder } = options;
          const source = { task: name, split: "train", count, seed, folder } as const;
          for (const instance of await selectInstances(source))
            lessons.push({ task: getTask(name), instance });
        }
        const server = await serveModel(simulatedTeacher(lessons), options.port);
        const address = server.address();
        const port = typeof address === "object" && address ? address.port : options.port;
        console.log(
          `simulated teacher for ${lessons.length} instances: http://127.0.0.1:${port}/v1 (Ctrl-C ends it)`,
        );
        process.once("SIGINT", () => server.close());
        process.once("SIGTERM", () => server.close());
        await new Promise((resolve) => server.once("close", resolve));
      },
    );
}
