import { escapeHtml } from './escape.ts';

/**
 * A plan as `planText` has it: a line that is broken goes on under its beginning, so that the tree stays readable on a narrow page,
 * and marks stand out.
 */
export function planHtml(text: string): string {
  return `<pre class="plan"><code>${text.trim().split('\n').map(lineHtml).join('')}</code></pre>`;
}

function lineHtml(line: string): string {
  const indent = line.length - line.trimStart().length;
  const mark = /^!+ /.test(line.trimStart()) ? ' mark' : '';
  return `<span class="node${mark}" style="--indent:${indent}ch">${escapeHtml(line)}</span>`;
}
