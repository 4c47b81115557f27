import { INK } from '../report/charts/palette.ts';
import { themedColour } from '../report/inline-svg.ts';
import { PAGE_STYLE } from '../report/page-style.ts';

const ink = themedColour(INK.strong.light);
const soft = themedColour(INK.soft.light);
const line = themedColour(INK.grid.light);
const rule = themedColour(INK.line.light);
const paper = themedColour(INK.paper.light);

/** What the pages of the site have beyond a report: the bar above, and more room. What needs the script is hidden without it. */
export const SHELL_STYLE = `
main,header,footer,.bar{max-width:1180px}
.rooms a[aria-current]{color:${ink};font-weight:650;border-color:${ink}}
.theme{color:${soft};white-space:nowrap;display:flex;gap:6px;align-items:center;min-width:205px}
#theme{width:10em}
header{padding-top:26px}
html:not(.with-script) .scripted{display:none!important}
.with-script .unscripted{display:none!important}
[hidden]{display:none!important}
input,select,button{font:inherit;font-size:15px;color:${ink};background:${paper};border:1px solid ${rule};border-radius:8px;padding:6px 10px;min-height:36px}
button,.button{cursor:pointer}
button:disabled{color:${soft};cursor:default}
.button{display:inline-block;text-decoration:none;border:1px solid ${rule};border-radius:8px;padding:6px 12px;background:${paper};font-size:15px}
.quiet{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
kbd{font:inherit;font-size:13px;border:1px solid ${rule};border-bottom-width:2px;border-radius:5px;padding:1px 6px;background:${paper}}
hr{border:0;border-top:1px solid ${line}}
@media (max-width:640px){header{padding-top:18px}}
@media print{.scripted,.bar{display:none!important}}
`;

/** The whole of `site/site.css`. Each room adds its own. */
export function siteStyle(rooms: readonly string[]): string {
  return [PAGE_STYLE, SHELL_STYLE, ...rooms].join('\n');
}
