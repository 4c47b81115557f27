import { THEME_KEPT_AS } from '../../report/kept-theme.ts';

/** The theme that a reader chose. It is kept where the browser lets a page keep something; `auto` is what the system says. */
export type Theme = 'auto' | 'light' | 'dark';

/** Before anything is drawn, so that a page does not flash in the other theme. */
export function applyKeptTheme(): void {
  apply(keptTheme());
}

/** Lets the reader choose, and follows what is chosen in another tab. */
export function offerThemes(): void {
  const choice = document.getElementById('theme');
  if (!(choice instanceof HTMLSelectElement)) return;
  choice.value = keptTheme();
  choice.addEventListener('change', () => {
    const theme = asTheme(choice.value);
    apply(theme);
    keep(theme);
  });
  window.addEventListener('storage', ({ key, newValue }) => {
    if (key !== THEME_KEPT_AS) return;
    choice.value = asTheme(newValue);
    apply(asTheme(newValue));
  });
}

function apply(theme: Theme): void {
  if (theme === 'auto') delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
}

function asTheme(text: string | null): Theme {
  return text === 'light' || text === 'dark' ? text : 'auto';
}

function keptTheme(): Theme {
  try {
    return asTheme(localStorage.getItem(THEME_KEPT_AS));
  } catch {
    return 'auto'; // some browsers refuse storage to pages from disk
  }
}

function keep(theme: Theme): void {
  try {
    localStorage.setItem(THEME_KEPT_AS, theme);
  } catch {
    // it holds for this page alone
  }
}
