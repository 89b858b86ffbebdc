import type { LocalAuthority } from '../certificate-authority/local-authority.js';
import { quoteWord } from './quote-word.js';

/** What one stack needs: its name, and lines for a POSIX shell, or words where there is none. */
export interface StackLines {
  readonly stack: string;
  readonly lines: readonly string[];
}

const keystore = 'homologa-trust.p12';
const storePassword = 'changeit';

/** Options of the Java launcher that name the trust store which the lines make. */
export const javaOptions: readonly string[] = [
  `-Djavax.net.ssl.trustStore=${keystore}`,
  `-Djavax.net.ssl.trustStorePassword=${storePassword}`,
];

/** What each common stack needs to trust a test authority. docs/proxy.md says which of them were run. */
export function trustLines({ caFile, publicKeyPin }: LocalAuthority): StackLines[] {
  const file = quoteWord(caFile);
  const importing = `keytool -importcert -noprompt -alias homologa -file ${file}`;
  return [
    { stack: 'Node.js', lines: [`export NODE_EXTRA_CA_CERTS=${file}`] },
    { stack: 'curl', lines: [`export CURL_CA_BUNDLE=${file}    # or --cacert with the same`] },
    { stack: 'Python', lines: [`export REQUESTS_CA_BUNDLE=${file} SSL_CERT_FILE=${file}`] },
    { stack: 'Go, Ruby', lines: [`export SSL_CERT_FILE=${file}`] },
    {
      stack: 'Java',
      lines: [
        `${importing} -keystore ${keystore} -storetype PKCS12 -storepass ${storePassword}`,
        `export JDK_JAVA_OPTIONS="${javaOptions.join(' ')}"`,
      ],
    },
    { stack: '.NET', lines: [`export SSL_CERT_FILE=${file}    # Linux; elsewhere the user's certificate store`] },
    {
      stack: 'Chromium',
      lines: [
        `chromium --user-data-dir="$(mktemp -d)" --ignore-certificate-errors-spki-list=${quoteWord(publicKeyPin)}`,
      ],
    },
    {
      stack: 'Firefox',
      lines: [`Settings, Privacy & Security, Certificates, View Certificates, Authorities, Import ${caFile}`],
    },
  ];
}

/** Words on an authority: where it is, how long it lives, and that it is new. */
export function describeAuthority({ caFile, isNew, validUntil }: LocalAuthority): string {
  const until = validUntil.toISOString().slice(0, 10);
  return isNew ? `${caFile}  (made now, lives until ${until}: nothing trusts it yet)` : `${caFile}  (until ${until})`;
}
