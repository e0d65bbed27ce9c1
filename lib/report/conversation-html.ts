/** A trajectory to read and to unfold, for notebooks: one self-contained element, at home on light and dark pages. */
import type { Turn } from "../trajectory/schema";
import { escapeHtml } from "./html";

/** Turns as folding blocks: what the agent said is marked where it is trained; long user turns begin folded. */
export function conversationHtml(turns: readonly Turn[]): string {
  const blocks = turns.map((turn, i) => {
    const { role, content, loss } = turn;
    const label =
      role === "assistant" ? `agent${loss ? " · trained" : ""}` : i === 0 ? "prompt" : "environment";
    const edge = role === "assistant" ? (loss ? "#009e73" : "#cc79a7") : "#8886";
    const open = role === "assistant" || content.length <= FOLD ? " open" : "";
    const first = content.split("\n", 1)[0]!.slice(0, 90);
    return `<details${open} style="border-left:3px solid ${edge};padding:0 .8em;margin:.4em 0;text-align:left">
<summary><small><b>${i + 1} ${label}</b>${open ? "" : ` ${escapeHtml(first)} …`}</small></summary>
<pre style="white-space:pre-wrap;margin:.2em 0;background:transparent">${escapeHtml(content)}</pre></details>`;
  });
  return `<div>${blocks.join("\n")}</div>`;
}

/** Characters of a turn beyond which it begins folded. */
const FOLD = 700;
