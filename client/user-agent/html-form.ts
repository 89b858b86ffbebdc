import { NodeType, type HTMLElement } from 'node-html-parser';

/** One choice of a `select`. */
export interface HtmlOption {
  readonly value: string;
  readonly label: string;
  readonly selected: boolean;
}

/** One control of a form that can hold a value. */
export interface HtmlField {
  readonly name: string;
  /** The `type` in lower case; `select` and `textarea` for these elements. */
  readonly type: string;
  readonly value: string;
  readonly checked: boolean;
  readonly disabled: boolean;
  /** The `autocomplete` tokens in lower case, for example `username`, `current-password`, `one-time-code`. */
  readonly autocomplete: string;
  readonly inputMode: string;
  /** What a person reads beside the field: its label, `aria-label` or placeholder. */
  readonly label: string;
  readonly options: readonly HtmlOption[];
}

/** A button that submits. */
export interface HtmlButton {
  readonly name: string;
  readonly value: string;
  readonly label: string;
  /** Absolute address of a `formaction`, null where the button has none. */
  readonly action: string | null;
}

/** A form as a person could send it. */
export interface HtmlForm {
  /** Address of the page that shows it: the initiator of the navigation. */
  readonly documentUrl: string;
  /** Whether the page forbids referrers, which makes a browser send `Origin: null`. */
  readonly hidesReferrer: boolean;
  readonly action: string;
  readonly method: 'GET' | 'POST';
  readonly fields: readonly HtmlField[];
  readonly buttons: readonly HtmlButton[];
}

/** Text as a person sees it: white space collapsed. */
export function visibleText(element: HTMLElement | null): string {
  return (element?.textContent ?? '').replace(/\s+/g, ' ').trim();
}

const attribute = (element: HTMLElement, name: string) => element.getAttribute(name) ?? '';
const has = (element: HTMLElement, name: string) => element.hasAttribute(name);

const isForm = ({ tagName }: HTMLElement) => tagName === 'FORM';
const isLabel = ({ tagName }: HTMLElement) => tagName === 'LABEL';
const isDisabledFieldset = (element: HTMLElement) => element.tagName === 'FIELDSET' && has(element, 'disabled');

/** The element itself or the nearest around it that is such; the parser's own `closest` takes far longer. */
function enclosing(element: HTMLElement, isSuch: (candidate: HTMLElement) => boolean): HTMLElement | null {
  for (let at: HTMLElement | null = element; at !== null; at = at.parentNode) if (isSuch(at)) return at;
  return null;
}

/** Reads the forms of a page. Controls outside a form that name it by `form="id"` belong to it. */
export function readForms(root: HTMLElement, documentUrl: string, hidesReferrer: boolean): HtmlForm[] {
  const base = attribute(root.querySelector('base[href]') ?? root, 'href');
  const baseUrl = URL.canParse(base, documentUrl) ? new URL(base, documentUrl).href : documentUrl;
  const resolve = (address: string) =>
    URL.canParse(address, baseUrl) ? new URL(address === '' ? documentUrl : address, baseUrl).href : documentUrl;

  return root.querySelectorAll('form').map((form) => {
    const id = attribute(form, 'id');
    const belongs = (element: HTMLElement) =>
      has(element, 'form') ? id !== '' && attribute(element, 'form') === id : enclosing(element, isForm) === form;
    const controls = root.querySelectorAll('input,select,textarea,button').filter(belongs);
    return {
      documentUrl,
      hidesReferrer,
      action: resolve(attribute(form, 'action')),
      method: attribute(form, 'method').toUpperCase() === 'POST' ? 'POST' : 'GET',
      fields: controls.filter((control) => !isButton(control)).map((control) => readField(control, root)),
      buttons: controls
        .filter((control) => isSubmit(control) && !has(control, 'disabled'))
        .map((control) => readButton(control, resolve)),
    };
  });
}

function typeOf(element: HTMLElement): string {
  const tag = element.tagName.toLowerCase();
  if (tag === 'button') return attribute(element, 'type').toLowerCase() || 'submit';
  if (tag !== 'input') return tag;
  return attribute(element, 'type').toLowerCase() || 'text';
}

function isButton(element: HTMLElement): boolean {
  return element.tagName === 'BUTTON' || ['submit', 'button', 'reset', 'image'].includes(typeOf(element));
}

function isSubmit(element: HTMLElement): boolean {
  return isButton(element) && ['submit', 'image'].includes(typeOf(element));
}

function readButton(element: HTMLElement, resolve: (address: string) => string): HtmlButton {
  const value = attribute(element, 'value');
  return {
    name: attribute(element, 'name'),
    value,
    label: visibleText(element) || attribute(element, 'aria-label') || value,
    action: has(element, 'formaction') ? resolve(attribute(element, 'formaction')) : null,
  };
}

function readField(element: HTMLElement, root: HTMLElement): HtmlField {
  const type = typeOf(element);
  const isChoice = type === 'checkbox' || type === 'radio';
  return {
    name: attribute(element, 'name'),
    type,
    // A checkbox without value sends "on".
    value:
      type === 'textarea'
        ? element.textContent
        : has(element, 'value') || !isChoice
          ? attribute(element, 'value')
          : 'on',
    checked: has(element, 'checked'),
    disabled: has(element, 'disabled') || enclosing(element, isDisabledFieldset) !== null,
    autocomplete: attribute(element, 'autocomplete').toLowerCase(),
    inputMode: attribute(element, 'inputmode').toLowerCase(),
    label: labelOf(element, root),
    options: element.querySelectorAll('option').map((option) => ({
      value: has(option, 'value') ? attribute(option, 'value') : ownText(option),
      label: ownText(option),
      selected: has(option, 'selected'),
    })),
  };
}

/** An option's own text: where pages leave out `</option>`, the parser nests the options that follow. */
function ownText(option: HTMLElement): string {
  const texts = option.childNodes
    .filter((node) => node.nodeType === NodeType.TEXT_NODE)
    .map((node) => node.textContent);
  return texts.join(' ').replace(/\s+/g, ' ').trim();
}

function labelOf(element: HTMLElement, root: HTMLElement): string {
  const id = attribute(element, 'id');
  const labelledBy = attribute(element, 'aria-labelledby').split(/\s+/);
  // Compared as strings instead of built into a selector: an id may hold any character.
  const byId = labelledBy.every((word) => word === '')
    ? []
    : root.querySelectorAll('[id]').filter((other) => labelledBy.includes(attribute(other, 'id')));
  const byFor = id === '' ? [] : root.querySelectorAll('label').filter((label) => attribute(label, 'for') === id);
  const texts = [...byFor, ...byId, enclosing(element, isLabel)].map((label) => visibleText(label));
  return [...texts, attribute(element, 'aria-label'), attribute(element, 'placeholder'), attribute(element, 'title')]
    .filter((text) => text !== '')
    .join(' ');
}
