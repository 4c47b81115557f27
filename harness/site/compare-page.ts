import path from 'node:path';
import { INK } from '../report/charts/palette.ts';
import { themedColour } from '../report/inline-svg.ts';
import { writeDurably } from '../store/durable-file.ts';
import { sitePage } from './page-shell.ts';

const COMPARE_PAGE = 'site/compare.html';

/** Writes the page that compares any two results; the browser does the comparing. @throws HarnessError RESULT_WRITE_FAILED */
export async function writeComparePage(resultsRoot: string): Promise<string> {
  const file = path.join(resultsRoot, COMPARE_PAGE);
  await writeDurably(file, comparePage());
  return file;
}

/** The page: two pickers, and the place where the comparison comes. */
export function comparePage(): string {
  return sitePage({
    title: 'Compare',
    path: COMPARE_PAGE,
    room: 'compare',
    data: ['results'],
    header:
      '<h1>Compare</h1><p class="subtitle">Two stored results side by side, by the rules of <code>rushhour compare</code></p>',
    main: `<p class="missing unscripted">This page needs its script. Without it, <code>rushhour compare A B</code> says the same.</p>
<form id="pickers" class="pickers scripted" autocomplete="off">
${picker('a', 'A, the earlier result')}${picker('b', 'B, the later one')}
<p class="swap"><button type="button" id="swap">Swap A and B</button></p>
</form>
<div id="comparison" aria-live="polite" aria-busy="false"></div>`,
  });
}

/** A text field searches; the list below it chooses, so that no key and no screen reader is left out. */
function picker(side: 'a' | 'b', label: string): string {
  return `<fieldset><legend>${label}</legend>
<label for="search-${side}">Search by id, scenario, variant or headline</label><input type="search" id="search-${side}" data-side="${side}">
<label for="pick-${side}"><span id="found-${side}">Results</span></label><select id="pick-${side}" data-side="${side}" size="6"></select></fieldset>`;
}

export const COMPARE_STYLE = `
.pickers{display:grid;grid-template-columns:1fr 1fr;gap:14px 24px;margin:18px 0 0}
.pickers fieldset{border:1px solid ${themedColour(INK.grid.light)};border-radius:12px;background:${themedColour(INK.paper.light)};padding:12px 16px 16px;min-width:0;margin:0}
.pickers legend{font-weight:650;padding:0 6px}
.pickers label{display:block;font-size:13px;color:${themedColour(INK.soft.light)};margin:6px 0 3px}
.pickers input,.pickers select{width:100%}
.swap{grid-column:1/-1;margin:0}
.two{display:grid;grid-template-columns:1fr 1fr;gap:0 16px}
.two>*{min-width:0}
.picture{display:block;width:100%;height:auto;background:#fff;aspect-ratio:16/9;object-fit:contain}
.environment td,.environment th{overflow-wrap:anywhere}
.environment th[scope=row]{color:inherit;font-size:14px;border-top:1px solid ${themedColour(INK.grid.light)};vertical-align:top;min-width:130px}
.environment .differs{background:${themedColour(INK.band.light)};font-weight:650}
#comparison{min-height:60vh}
@media (max-width:640px){.pickers,.two{grid-template-columns:1fr}}
`;
