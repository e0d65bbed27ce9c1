import { Command } from "commander";

/** `agentbank gallery`: a static site of the executed notebooks, their figures, and the library's API. */
export function galleryCommand(): Command {
  return new Command("gallery")
    .description("a static site of executed notebooks, figures and API docs, that opens from disk")
    .option(
      "--preset <name>",
      "whose figures and executed notebooks: a name in configs/, or a YAML file",
      "mini",
    )
    .option("--out <folder>", "where the site goes (default: gallery/)")
    .option("--no-api", "leave out the API docs")
    .action(async (flags) => {
      const { buildGallery } = await import("./gallery-action.js");
      await buildGallery(flags);
    });
}
