import { INK } from '../report/charts/palette.ts';
import { themedColour } from '../report/inline-svg.ts';

const soft = themedColour(INK.soft.light);
const line = themedColour(INK.grid.light);
const rule = themedColour(INK.line.light);
const paper = themedColour(INK.paper.light);
const shade = themedColour(INK.band.light);

/**
 * The list of all results: a table on a desk and on paper, cards on a phone. Widths are fixed and hang on nothing that comes later in the page,
 * so that nothing moves while it comes or when rows go; a page that opens with a filter in its address is shown once the filter holds. Served
 * while something may be measured (`live`), what is measured has its place from the start, and what is below the list begins out of sight.
 */
export const LIST_STYLE = `
.filtering body[data-room=results]>:not(.bar){visibility:hidden}
#running:empty{display:none}
.live main{min-height:100vh}
.live #running{display:block;box-sizing:border-box;height:13.5em;overflow:auto;background:${paper};border:1px solid ${line};border-radius:12px;padding:12px 16px;margin:0 0 14px}
#running h2{font-size:17px;margin:0 0 6px}
#running p,#running ul{margin:0 0 4px}
#filters{display:grid;grid-template-columns:repeat(auto-fill,minmax(128px,1fr));gap:10px 14px;align-items:end;margin:6px 0 14px}
#filters label{display:flex;flex-direction:column;font-size:13px;color:${soft};gap:3px}
#filters .search{grid-column:1/-1}
#filters select{width:100%}
.told{display:flex;flex-wrap:wrap;justify-content:space-between;align-items:center;gap:8px 20px;margin:0 0 10px}
.told p{margin:0}
.told .picked{display:grid;grid-template-columns:8.6em 5.8em;gap:8px;text-align:center}
#count{font-weight:600}
a.button:not([href]){color:${soft};cursor:default}
.results{table-layout:fixed;background:${paper};border:1px solid ${line};border-radius:12px;border-collapse:separate;border-spacing:0}
.results .pick{width:44px}
col.what{width:auto}
col.verdict-column{width:150px}
col.middle{width:128px}
.results td,.results th{overflow-wrap:anywhere;padding:9px 8px}
.results td.pick,.results th.pick{padding-left:14px;padding-right:0;min-width:0}
.results td.what{padding-left:12px}
.results td input{min-height:0;width:18px;height:18px;margin:2px 0 0}
.results .name{font-weight:600;text-decoration-color:${rule};text-underline-offset:3px}
.id,.second{display:block;color:${soft};font-size:12.5px;margin-top:2px}
.results tbody tr:focus-within{background:${shade}}
.results tbody tr.chosen{background:${shade};box-shadow:inset 4px 0 0 ${themedColour('#0064b0')}}
.mark{font-weight:650;color:var(--tone);border:1px solid currentColor;border-radius:999px;padding:0 9px;display:inline-block;margin:0 2px 3px 0}
.times{font-weight:500}
.state{font-style:italic;color:${soft}}
#keys{border:1px solid ${rule};border-radius:12px;background:${paper};color:inherit;max-width:92vw;padding:20px 26px}
#keys h2{margin:0 0 12px}
#keys::backdrop{background:rgb(0 0 0 / .45)}
@media screen and (max-width:860px){
.results{min-width:0;display:block;border:0;background:none}
.results thead,.results colgroup{display:none}
.results tbody{display:block}
.results tr{display:grid;grid-template-columns:34px 1fr;background:${paper};border:1px solid ${line};border-radius:12px;margin:0 0 10px;padding:12px 14px}
html:not(.with-script) .results tr{grid-template-columns:0 1fr}
.results td,.results td:first-child,.results td:last-child{border:0;padding:2px 0;min-width:0;grid-column:2}
.results td.pick{grid-column:1;grid-row:1 / span 2}
.results td.what{padding:0 0 6px}
.results td[data-label]::before{content:attr(data-label) " ";color:${soft};display:inline-block;min-width:76px;font-size:12.5px}
.second{display:inline;margin-left:8px}
}
@media print{
.live main{min-height:0}
.live #running{display:none}
.results{border:0;font-size:8.5pt}
.results thead{display:table-header-group}
col.verdict-column{width:84pt}
col.middle{width:74pt}
.results tbody tr.chosen{box-shadow:none;background:none}
.mark{border:0;padding:0}
.results a{text-decoration:none}
.id,.second{font-size:7.5pt}
}
`;
