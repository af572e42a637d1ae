// Light or dark: as the system says, until the reader chooses; the choice is kept in this browser.

import { html } from '../dom.js';

const KEY = 'corridor-theme';
const system = matchMedia('(prefers-color-scheme: dark)');

/** A button that changes between light and dark; `onChange()` is told after the colours have changed. */
export function themeButton(onChange) {
  const button = html('button', { type: 'button', class: 'theme' });
  const chosen = () => {
    try {
      return localStorage.getItem(KEY);
    } catch {
      return null;
    }
  };
  const apply = () => {
    const isDark = (chosen() ?? (system.matches ? 'dark' : 'light')) === 'dark';
    document.documentElement.dataset.theme = isDark ? 'dark' : 'light';
    button.textContent = isDark ? '☀' : '☾';
    button.setAttribute('aria-label', isDark ? 'Light colours' : 'Dark colours');
    button.title = button.getAttribute('aria-label');
    onChange();
  };
  button.addEventListener('click', () => {
    try {
      localStorage.setItem(KEY, document.documentElement.dataset.theme === 'dark' ? 'light' : 'dark');
    } catch {
      // A browser that keeps nothing still shows the other colours.
    }
    apply();
  });
  system.addEventListener('change', apply);
  apply();
  return button;
}
