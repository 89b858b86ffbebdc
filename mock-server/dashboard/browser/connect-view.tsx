import { useState } from 'preact/hooks';
import type { BankId } from './api-types.js';
import { connectionValues, recipes } from './connection-recipes.js';
import { Copyable, CopyButton } from './copy-button.js';
import { authorizationAddress } from './first-steps.js';
import { useSession } from './session.js';
import { bankNames } from './words.js';

/** What to tell an application so that it takes this mock for the bank. */
export function ConnectView() {
  const { tenant } = useSession();
  const [bank, setBank] = useState<BankId>('bs2');
  const [stack, setStack] = useState('dotenv');
  const recipe = recipes.find(({ id }) => id === stack) ?? recipes[0];
  const of = tenant[bank];
  const values = connectionValues(tenant, bank);
  const text = recipe?.lines(values, tenant, bank) ?? '';
  const { client } = of;
  return (
    <div class="page">
      <h1>Connect my app</h1>
      <p class="soft">
        Your application keeps its code; it is told other addresses. The names are ours: use those that it reads.
      </p>
      <div class="inline">
        <span class="choice" role="group" aria-label="Bank">
          {(['bs2', 'btg'] as const).map((id) => (
            <button key={id} type="button" aria-pressed={id === bank} onClick={() => setBank(id)}>
              {bankNames[id]}
            </button>
          ))}
        </span>
        <span class="choice" role="group" aria-label="Stack">
          {recipes.map(({ id, label }) => (
            <button key={id} type="button" aria-pressed={id === stack} onClick={() => setStack(id)}>
              {label}
            </button>
          ))}
        </span>
      </div>
      {client === null ? (
        <p class="empty">This tenant has no client at {bankNames[bank]}.</p>
      ) : (
        <>
          <p class="soft">{recipe?.where}</p>
          <div class="with-copy">
            <pre class="code" tabIndex={0} aria-label={`Lines for ${recipe?.label ?? ''}`}>
              {text}
            </pre>
            <CopyButton text={text} />
          </div>
          <h2>Addresses and credentials</h2>
          <dl class="copyables">
            {values.map(([name, value]) => (
              <Copyable key={name} label={name} text={value} />
            ))}
          </dl>
          <p>
            <a
              class="button"
              href={authorizationAddress(of.authorizationEndpoint, client.id, client.redirectUris[0], client.scope)}
            >
              Open {bankNames[bank]}’s login as your application would
            </a>
          </p>
          <p class="soft">
            Any port of <code>127.0.0.1</code> and <code>localhost</code> with the path <code>/callback</code> is
            registered for the seeded client. Cookies ignore ports: where your application runs on{' '}
            <code>localhost</code>, open the bank on <code>127.0.0.1</code>, and the reverse.
          </p>
        </>
      )}
    </div>
  );
}
