import { dark, fontFamily, light, type Theme } from "./theme";

const colours = (theme: Theme) =>
  `--paper: ${theme.paper}; --ink: ${theme.ink}; --muted: ${theme.muted}; --grid: ${theme.grid}; --link: ${theme.series[0]}`;

/** The index page's style, in the figures' own colours. */
export const style = `
:root { ${colours(light)} }
@media (prefers-color-scheme: dark) { :root { ${colours(dark)} } }
* { box-sizing: border-box }
body { margin: 0 auto; padding: 2rem; max-width: 92rem; background: var(--paper); color: var(--ink);
  font: 15px/1.5 ${fontFamily} }
h1, h2, h3, h4 { line-height: 1.2; margin: 0 0 .5rem }
h2 { margin-top: 3rem; padding-bottom: .3rem; border-bottom: 1px solid var(--grid) }
h3 { margin-top: 1.5rem }
h4 { color: var(--muted); font-weight: 600 }
a { color: var(--link) }
nav { display: flex; flex-wrap: wrap; gap: .3rem 1.2rem }
.claim { max-width: 60rem; font-style: italic }
.pair { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 30rem), 1fr)); gap: 2rem }
.pair > div { min-width: 0 }
img { max-width: 100%; height: auto }
.scroll { overflow: auto; max-height: 28rem }
table { border-collapse: collapse; font-size: 13px }
th, td { padding: .2rem .6rem; border-bottom: 1px solid var(--grid); text-align: left; white-space: nowrap }
thead th { position: sticky; top: 0; background: var(--paper) }
.claims td { white-space: normal; min-width: 7rem; vertical-align: top }
.number { text-align: right; font-variant-numeric: tabular-nums }
.note, .note li { color: var(--muted); font-size: 13px }
summary { cursor: pointer; color: var(--muted) }
`;
