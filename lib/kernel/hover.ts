/** What Jupyter's inspection (Shift+Tab) shows of a name. */
import ts from "typescript";

/** Signature, documentation and tags (`@throws`, `@example`) by MIME type, without links: nothing here follows them. */
export function describeName({
  displayParts,
  documentation,
  tags = [],
}: ts.QuickInfo): Record<string, string> {
  const signature = ts.displayPartsToString(displayParts);
  const text = ts.displayPartsToString(documentation);
  const told = tags.map(({ name, text }) => ({ name, text: ts.displayPartsToString(text) }));
  const paragraphs = (parts: readonly string[]) => parts.filter((part) => part !== "").join("\n\n");
  return {
    "text/markdown": paragraphs([
      `\`\`\`ts\n${signature}\n\`\`\``,
      text,
      ...told.map((tag) =>
        tag.name === "example" ? `\`\`\`ts\n${tag.text}\n\`\`\`` : `*@${tag.name}* ${tag.text}`,
      ),
    ]),
    "text/plain": paragraphs([signature, text, ...told.map((tag) => `@${tag.name} ${tag.text}`)]),
  };
}
