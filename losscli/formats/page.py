"""The style sheet of the page that ``-o html`` writes."""

from __future__ import annotations

STYLE = """\
:root {
  color-scheme: light dark;
  --paper: #ffffff; --ink: #1b1f24; --soft: #59636e; --rule: #d1d9e0; --band: #f6f8fa;
  --c0: #0b69c7; --c1: #b35900; --c2: #8a3ab9; --c3: #1a7f37; --c4: #b3261e;
  --good: #1a7f37; --bad: #b3261e; --doubt: #8a5a00;
}
@media (prefers-color-scheme: dark) {
  :root {
    --paper: #0d1117; --ink: #e6edf3; --soft: #9aa4af; --rule: #3d444d; --band: #161b22;
    --c0: #58a6ff; --c1: #f0a14b; --c2: #c793ee; --c3: #4ac26b; --c4: #ff7b72;
    --good: #4ac26b; --bad: #ff7b72; --doubt: #e3b341;
  }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 16px/1.5 system-ui, sans-serif; }
main, footer { max-width: 72rem; margin: 0 auto; padding: 0 1rem; overflow-wrap: anywhere; }
h1 { font-size: 1.5rem; line-height: 1.25; margin: 1.5rem 0 0.5rem; }
h2 { font-size: 1.15rem; margin: 2rem 0 0.5rem; border-bottom: 1px solid var(--rule); }
p { margin: 0.5rem 0; }
footer { color: var(--soft); font-size: 0.85rem; margin-top: 2rem; padding-bottom: 2rem; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; font-size: 0.9rem; font-variant-numeric: tabular-nums; }
th, td { padding: 0.3rem 0.75rem; text-align: left; vertical-align: top; border-bottom: 1px solid var(--rule); }
td:not(.n) { min-width: 5rem; max-width: min(30rem, 45vw); overflow-wrap: break-word; }
@media screen { td.long { min-width: min(16rem, 45vw); } }
th { background: var(--band); white-space: nowrap; }
.n { text-align: right; white-space: pre; }
td.n { font: 0.85rem/1.7 ui-monospace, monospace; }
figure { margin: 1rem 0 2rem; }
figcaption { color: var(--soft); font-size: 0.9rem; margin-bottom: 0.5rem; }
figcaption b { color: var(--ink); }
svg { display: block; width: 100%; max-width: 40rem; height: auto; font: 13px system-ui, sans-serif; }
svg text { fill: var(--ink); }
svg .small { fill: var(--soft); font-size: 12px; }
svg .bar { fill: var(--c0); }
svg .axis { stroke: var(--soft); }
svg .grid { stroke: var(--rule); }
svg .line { fill: none; stroke-width: 2; }
svg .faint { fill: none; stroke: var(--soft); stroke-dasharray: 5 4; }
svg .l0 { stroke: var(--c0); } svg .l1 { stroke: var(--c1); } svg .l2 { stroke: var(--c2); }
svg .l3 { stroke: var(--c3); } svg .l4 { stroke: var(--c4); }
svg .dot { fill: var(--paper); stroke-width: 2; }
svg .best { fill: none; stroke: var(--good); stroke-width: 2.5; }
.verdict { font-weight: 600; }
.pass, .equal, .better { color: var(--good); }
.fail, .worse, .error { color: var(--bad); }
.inconclusive, .skipped { color: var(--doubt); }
.notes { padding-left: 1.25rem; }
.signatures { color: var(--soft); font: 0.75rem/1.5 ui-monospace, monospace; padding-left: 1.25rem; }
@media print {
  :root {
    --paper: #ffffff; --ink: #000000; --soft: #444444; --rule: #bbbbbb; --band: #ffffff;
    --c0: #0b69c7; --c1: #b35900; --c2: #8a3ab9; --c3: #1a7f37; --c4: #b3261e;
    --good: #1a7f37; --bad: #b3261e; --doubt: #8a5a00;
  }
  body { font-size: 10pt; }
  main, footer { max-width: none; padding: 0; }
  .scroll { overflow: visible; }
  table, td.n { font-size: 7pt; }
  th, td { padding: 2pt 4pt; }
  td:not(.n) { max-width: 9rem; }
  .wide th, .wide .n { white-space: pre-wrap; overflow-wrap: anywhere; }
  svg { max-width: 28rem; }
  thead { display: table-header-group; }
  tr, svg { break-inside: avoid; }
  h2, figcaption { break-after: avoid; }
}
"""
