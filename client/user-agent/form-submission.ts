import type { HtmlButton, HtmlField, HtmlForm } from './html-form.js';

/**
 * Values by field name; several for checkboxes of one name. Names that the form lacks are added, to tamper on
 * purpose.
 */
export type FormValues = Readonly<Record<string, string | readonly string[]>>;

/**
 * What a browser would send (HTML 4.10.22): every enabled field in document order, hidden ones included, with the
 * given values in place of the page's, then the button that was pressed.
 *
 * `button` undefined presses the first one, as the Enter key does; null presses none.
 */
export function formEntries(form: HtmlForm, values: FormValues = {}, button?: HtmlButton | null): URLSearchParams {
  const entries = new URLSearchParams();
  const known = new Set<string>();
  for (const field of form.fields) {
    if (field.name === '' || field.disabled) continue;
    known.add(field.name);
    for (const value of valuesOf(field, given(values, field.name))) entries.append(field.name, value);
  }
  for (const name of Object.keys(values)) {
    if (!known.has(name)) for (const value of given(values, name) ?? []) entries.append(name, value);
  }
  const pressed = button === undefined ? form.buttons[0] : button;
  if (pressed !== undefined && pressed !== null && pressed.name !== '') entries.append(pressed.name, pressed.value);
  return entries;
}

function given(values: FormValues, name: string): readonly string[] | null {
  const value = Object.hasOwn(values, name) ? values[name] : undefined;
  if (value === undefined) return null;
  return typeof value === 'string' ? [value] : value;
}

function valuesOf(field: HtmlField, wanted: readonly string[] | null): string[] {
  switch (field.type) {
    case 'checkbox':
    case 'radio':
      return (wanted === null ? field.checked : wanted.includes(field.value)) ? [field.value] : [];
    case 'select': {
      if (wanted !== null) return field.options.map(({ value }) => value).filter((value) => wanted.includes(value));
      const chosen = field.options.find((option) => option.selected) ?? field.options[0];
      return chosen === undefined ? [] : [chosen.value];
    }
    case 'file':
      return [];
    default:
      return wanted === null ? [field.value] : [...wanted];
  }
}
