import { useEffect, useRef, useState } from 'preact/hooks';

/** Copies a text, and says that it did. */
export function CopyButton({ text, label = 'Copy' }: { readonly text: string; readonly label?: string }) {
  const [isCopied, setCopied] = useState(false);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);
  const copy = async (): Promise<void> => {
    await writeToClipboard(text);
    setCopied(true);
    clearTimeout(timer.current);
    timer.current = setTimeout(() => setCopied(false), 1500);
  };
  return (
    <button type="button" class="quiet copy" onClick={() => void copy()}>
      <span aria-live="polite">{isCopied ? 'Copied' : label}</span>
    </button>
  );
}

/** By a selection where the clipboard is not to be had: the page may be at an address that is not `localhost`. */
async function writeToClipboard(text: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    const area = document.createElement('textarea');
    area.value = text;
    document.body.append(area);
    area.select();
    document.execCommand('copy');
    area.remove();
  }
}

/** A value in one line, with a button that copies it. */
export function Copyable({ label, text }: { readonly label: string; readonly text: string }) {
  return (
    <div class="copyable">
      <dt>{label}</dt>
      <dd>
        <code>{text}</code>
        <CopyButton text={text} label={`Copy`} />
      </dd>
    </div>
  );
}
