import { INK } from './charts/palette.ts';
import { colourVariables, themedColour } from './inline-svg.ts';

const ink = themedColour(INK.strong.light);
const soft = themedColour(INK.soft.light);
const line = themedColour(INK.grid.light);
const rule = themedColour(INK.line.light);
const paper = themedColour(INK.paper.light);
const shade = themedColour(INK.band.light);

const light = `--page:#f5f6f8;${colourVariables('light')}`;
const dark = `--page:#0d1116;${colourVariables('dark')}`;

/** The colours of the reader's system; those chosen in the page (`data-theme`) go before. Paper is always light. */
const THEMES = `
:root{color-scheme:light dark;${light}}
@media screen and (prefers-color-scheme:dark){:root:not([data-theme=light]){${dark}}}
@media screen{:root[data-theme=dark]{color-scheme:dark;${dark}}}
:root[data-theme=light]{color-scheme:light}
@media print{:root{color-scheme:light}}
`;

/** The whole style of a page: light and dark, screen and print, desk and phone. Loads nothing. */
export const PAGE_STYLE = `${THEMES}
*{box-sizing:border-box}
html{-webkit-text-size-adjust:100%;scroll-behavior:smooth}
body{margin:0;background:var(--page);color:${ink};line-height:1.55;font-size:16px;
font-family:system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,"DejaVu Sans",sans-serif}
main,header,footer,.bar{max-width:980px;margin:0 auto;padding:0 24px}
main:focus{outline:none}
.bar{padding-top:14px;min-height:51px;display:flex;flex-wrap:wrap;align-items:center;gap:8px 26px;font-size:14px}
.bar .brand{margin:0}
.skip{position:absolute;left:-9999px;top:0;background:${paper};color:${ink};padding:10px 16px;z-index:9;border:1px solid ${rule}}
.skip:focus{left:8px;top:8px}
header{padding-top:34px}
h1{font-size:34px;line-height:1.2;letter-spacing:-.02em;margin:0 0 6px;overflow-wrap:anywhere}
h1.finding{font-size:28px}
h2{font-size:24px;line-height:1.3;letter-spacing:-.01em;margin:64px 0 14px}
h3{font-size:18px;line-height:1.4;margin:0 0 2px;overflow-wrap:anywhere}
h3.apart{margin:34px 0 4px}
p{margin:0 0 12px;overflow-wrap:anywhere}
p.opening{margin:28px 0 0}
a{color:inherit}
.brand{font-size:13px;letter-spacing:.08em;text-transform:uppercase;color:${soft};margin:0 0 18px;font-weight:600}
.subtitle,.lead,.context,.note,.basis{color:${soft}}
.subtitle{overflow-wrap:anywhere}
.lead{font-size:17px}
nav{margin:20px 0 0;display:flex;flex-wrap:wrap;gap:6px 18px;font-size:14px}
nav a{color:${soft};text-decoration:none;border-bottom:1px solid ${rule};padding:2px 0}
nav a:hover{color:${ink};border-color:${ink}}
.rooms{margin:0;min-height:37px;flex:1 1 auto;gap:4px 18px;font-size:15px}
.rooms a{padding:6px 0;border-bottom:2px solid transparent}
.card,.verdict,.incomplete,.figure{background:${paper};border:1px solid ${line};border-radius:12px}
.incomplete{border-left:6px solid ${themedColour('#8a6100')};padding:16px 22px;margin:28px 0 0;font-weight:600}
.verdict{border-left:6px solid var(--tone);padding:24px 28px;margin:28px 0 0}
.verdict+.verdict{margin-top:12px;padding-top:16px;padding-bottom:16px}
.verdict+.verdict .sentence{font-size:16px}
.verdict h2{font-size:15px;font-weight:600;margin:0;color:${soft};letter-spacing:0;overflow-wrap:anywhere}
.verdict .row{display:flex;flex-wrap:wrap;align-items:center;gap:8px 14px;margin-bottom:12px}
.verdict .sentence{font-size:20px;line-height:1.45;margin:0 0 8px;overflow-wrap:anywhere}
.verdict .basis{font-size:14px;margin:0}
.badge{display:inline-block;background:var(--tone);color:${paper};font-weight:700;font-size:13px;letter-spacing:.06em;
text-transform:uppercase;border-radius:999px;padding:5px 14px;white-space:nowrap}
.figures{display:grid;grid-template-columns:repeat(auto-fit,minmax(240px,1fr));gap:12px;margin:16px 0 0;padding:0;list-style:none}
.figure{padding:18px 20px}
.figure .label{font-size:13px;color:${soft};margin:0 0 8px;overflow-wrap:anywhere}
.figure .value{font-size:30px;line-height:1.15;font-weight:650;letter-spacing:-.02em;margin:0;font-variant-numeric:tabular-nums}
.figure .before{font-size:14px;color:${soft};margin:4px 0 0}
.figure .change{font-size:14px;font-weight:600;margin:10px 0 0}
.figure .interval{font-size:12.5px;color:${soft};margin:2px 0 0}
.figure.absent .value{font-size:18px;color:${soft};font-weight:500;letter-spacing:0}
.card{padding:24px 26px;margin:18px 0}
figure.card{padding-bottom:18px}
figure .context{font-size:13.5px;margin:0 0 14px}
figure .note{font-size:13.5px;margin:12px 0 0}
.downloads a{display:inline-block;padding:4px 6px;margin-right:6px}
.words{margin:10px 0 0;font-size:13.5px;color:${soft}}
.words summary{font-size:13.5px;font-weight:500;padding:2px 0}
.words p{margin:6px 0}
.words ul{margin:0;padding-left:18px}
.words li{overflow-wrap:anywhere}
.chart-drawing{display:block;width:100%;height:auto}
.chart-drawing text{font-family:inherit}
.narrow{display:none}
ul.reasons{margin:0 0 18px;padding-left:20px}
ul.reasons li{margin:0 0 8px;overflow-wrap:anywhere}
ul.remarks{margin:14px 0 0;padding-left:18px;font-size:14px;color:${soft}}
ul.remarks li{margin:0 0 4px;overflow-wrap:anywhere}
.verdict .scroll{margin:16px 0 0}
details{margin:18px 0 8px}
summary{cursor:pointer;font-weight:650;font-size:15px;padding:6px 0;overflow-wrap:anywhere}
details .scroll{margin-top:8px}
.part{padding:0 20px;margin:10px 0}
.part>summary{padding:13px 0}
.part h3{display:inline;font-size:16px}
.part>div{padding-bottom:12px;scroll-margin-top:80px}
.part .scroll{margin-bottom:16px}
details.whole{margin:0}
.whole summary{font-size:inherit;font-weight:400;padding:0}
.broad td .whole summary code{display:inline}
.whole[open] summary code{color:${soft}}
.scroll{overflow-x:auto;margin:18px 0 8px;background:${paper};border:1px solid ${line};border-radius:12px}
table{border-collapse:collapse;width:100%;font-size:14px;font-variant-numeric:tabular-nums}
caption{text-align:left;font-weight:650;font-size:15px;padding:16px 20px 8px;overflow-wrap:anywhere}
th,td{text-align:left;padding:8px 9px;border-top:1px solid ${line};vertical-align:top}
th:first-child,td:first-child{padding-left:20px}
th:last-child,td:last-child{padding-right:20px}
th{font-weight:600;font-size:12.5px;color:${soft};border-top:0;vertical-align:bottom}
.numeric{text-align:right;white-space:nowrap}
thead .numeric{white-space:normal}
td code{font-size:12.5px}
.broad td code{display:block;min-width:190px}
.counts{width:auto}
.counts td,.counts th{padding-left:28px}
.counts td:first-child{min-width:0}
.scroll:has(>.counts){width:fit-content;max-width:100%}
td.numeric:first-child{min-width:0}
td:first-child{overflow-wrap:anywhere;min-width:130px}
td .why{display:block;color:${soft};font-size:12.5px;min-width:150px}
.word{font-weight:650;color:var(--tone);white-space:nowrap}
.swatch{display:inline-block;width:10px;height:10px;border-radius:3px;margin-right:7px;background:var(--tone)}
.variant{white-space:nowrap}
.note{font-size:13px}
.missing{border:1px dashed ${rule};border-radius:12px;padding:16px 20px;color:${soft}}
dl{display:grid;grid-template-columns:max-content 1fr;gap:6px 22px;margin:0 0 22px;font-size:14.5px}
dt{color:${soft}}
dd{margin:0;overflow-wrap:anywhere}
pre{background:${shade};border-radius:10px;padding:16px 18px;overflow-x:auto;font-size:14px;white-space:pre-wrap;overflow-wrap:anywhere}
pre code{display:block}
.plan .node{display:block;padding-left:calc(var(--indent) + 4ch);text-indent:calc(-1*var(--indent) - 4ch)}
.plan .mark{font-weight:650}
code,pre{font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace}
footer{color:${soft};font-size:13px;padding-top:48px;padding-bottom:64px}
:focus-visible{outline:3px solid ${themedColour('#0064b0')};outline-offset:2px}
@media (max-width:640px){
main,header,footer,.bar{padding-left:16px;padding-right:16px}
.bar{padding-top:10px;gap:4px 16px}
header{padding-top:22px}
h1{font-size:27px}
h2{font-size:21px;margin-top:48px}
.verdict,.card{padding:18px 16px}
.verdict .sentence{font-size:18px}
.figures{grid-template-columns:1fr 1fr;gap:8px}
.figure{padding:14px}
.figure .value{font-size:23px}
figure.card{padding-left:8px;padding-right:8px}
figure figcaption,figure .note,figure .words{padding:0 8px}
.wide{display:none}
.narrow{display:block}
table{min-width:600px}
table.broad{min-width:900px}
caption span{display:block;position:sticky;left:16px;max-width:calc(100vw - 66px)}
td code{display:block;min-width:210px}
td:first-child{min-width:165px}
table.counts{min-width:0}
.counts td:first-child,td.numeric:first-child{min-width:0}
.part{padding:0 14px}
dl{grid-template-columns:1fr;gap:0}
dd{margin-bottom:10px}
}
@media print{
:root{--page:#fff}
body{font-size:11pt}
header{padding-top:0}
main,header,footer,.bar{max-width:none;padding-left:0;padding-right:0}
nav,.skip,.downloads,.words{display:none}
details.whole summary{display:none}
details::details-content{content-visibility:visible;height:auto}
h2{break-after:avoid;margin-top:28pt}
.card,.verdict,.figure,tr{break-inside:avoid}
.scroll{overflow:visible}
.badge{border:1px solid var(--tone);print-color-adjust:exact;-webkit-print-color-adjust:exact}
.swatch{print-color-adjust:exact;-webkit-print-color-adjust:exact}
table{font-size:8.5pt}
th,td{padding:4pt 5pt}
.wide{display:block}
.narrow{display:none}
}
@media (prefers-reduced-motion:reduce){html{scroll-behavior:auto}}
`;
