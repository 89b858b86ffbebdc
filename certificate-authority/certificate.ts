import { createHash, randomBytes, webcrypto } from 'node:crypto';
import * as asn1js from 'asn1js';
import * as pkijs from 'pkijs';
import { addressBytes } from './host-names.js';
import type { Confinement, HostNames } from './host-names.js';

type KeyPair = webcrypto.CryptoKeyPair;

/** Who signs a certificate. */
export interface Issuer {
  readonly certificate: pkijs.Certificate;
  readonly privateKey: webcrypto.CryptoKey;
}

/** What a certificate says; the validity is in epoch ms. */
export interface CertificateContent {
  /** Common name of whom it is of; at most 64 characters. */
  readonly subject: string;
  readonly notBeforeMs: number;
  readonly notAfterMs: number;
  readonly extensions: readonly pkijs.Extension[];
}

const oid = {
  commonName: '2.5.4.3',
  subjectKeyIdentifier: '2.5.29.14',
  keyUsage: '2.5.29.15',
  subjectAltName: '2.5.29.17',
  basicConstraints: '2.5.29.19',
  nameConstraints: '2.5.29.30',
  authorityKeyIdentifier: '2.5.29.35',
  extendedKeyUsage: '2.5.29.37',
  serverAuth: '1.3.6.1.5.5.7.3.1',
};

/** Kinds of GeneralName (RFC 5280 section 4.2.1.6). */
const generalName = { dns: 2, ip: 7 } as const;
/** Bits of KeyUsage, as the last byte of the bit string (section 4.2.1.3). */
const usage = { digitalSignature: 0x80, keyCertSign: 0x04, crlSign: 0x02 };

const curve = { name: 'ECDSA', namedCurve: 'P-256' };

export async function newKeyPair(): Promise<KeyPair> {
  return webcrypto.subtle.generateKey(curve, true, ['sign', 'verify']);
}

export async function privateKeyPem(key: webcrypto.CryptoKey): Promise<string> {
  return pem('PRIVATE KEY', await webcrypto.subtle.exportKey('pkcs8', key));
}

/** @throws Error for what is no PKCS #8 key of the curve P-256 */
export async function readPrivateKey(text: string): Promise<webcrypto.CryptoKey> {
  return webcrypto.subtle.importKey('pkcs8', pemBytes('PRIVATE KEY', text), curve, true, ['sign']);
}

export function certificatePem(certificate: pkijs.Certificate): string {
  return pem('CERTIFICATE', certificate.toSchema(true).toBER());
}

/** @throws Error for what is no certificate */
export function readCertificate(text: string): pkijs.Certificate {
  return pkijs.Certificate.fromBER(pemBytes('CERTIFICATE', text));
}

/** Makes a certificate for a public key, signed by `issuer`, or by the key pair itself where that is null. */
export async function makeCertificate(
  { subject, notBeforeMs, notAfterMs, extensions }: CertificateContent,
  keys: KeyPair,
  issuer: Issuer | null,
): Promise<pkijs.Certificate> {
  const certificate = new pkijs.Certificate();
  certificate.version = 2;
  // Sixteen random bytes whose first bit is 0 and second is 1: a positive number of fixed length (section 4.1.2.2).
  const serial = randomBytes(16);
  serial[0] = ((serial[0] ?? 0) & 0x3f) | 0x40;
  certificate.serialNumber = new asn1js.Integer({ valueHex: serial });
  certificate.subject = new pkijs.RelativeDistinguishedNames({
    typesAndValues: [
      new pkijs.AttributeTypeAndValue({ type: oid.commonName, value: new asn1js.Utf8String({ value: subject }) }),
    ],
  });
  certificate.issuer = issuer?.certificate.subject ?? certificate.subject;
  certificate.notBefore.value = new Date(notBeforeMs);
  certificate.notAfter.value = new Date(notAfterMs);
  await certificate.subjectPublicKeyInfo.importKey(keys.publicKey);
  certificate.extensions = [
    ...extensions,
    extension(oid.subjectKeyIdentifier, false, new asn1js.OctetString({ valueHex: keyIdentifier(certificate) })),
    extension(
      oid.authorityKeyIdentifier,
      false,
      new pkijs.AuthorityKeyIdentifier({
        keyIdentifier: new asn1js.OctetString({ valueHex: keyIdentifier(issuer?.certificate ?? certificate) }),
      }).toSchema(),
    ),
  ];
  await certificate.sign(issuer?.privateKey ?? keys.privateKey, 'SHA-256');
  return certificate;
}

/** Extensions of an authority that signs for servers within its confinement, with `below` authorities under it. */
export function authorityExtensions(below: 0 | 1, confinement: Confinement): pkijs.Extension[] {
  return [
    extension(
      oid.basicConstraints,
      true,
      new pkijs.BasicConstraints({ cA: true, pathLenConstraint: below }).toSchema(),
    ),
    extension(oid.keyUsage, true, keyUsage(usage.keyCertSign | usage.crlSign, 1)),
    serverAuthentication(),
    nameConstraints(confinement),
  ];
}

/** Extensions of a server that is known by these names. */
export function serverExtensions({ dns, ip }: HostNames): pkijs.Extension[] {
  const names = [
    ...dns.map((value) => new pkijs.GeneralName({ type: generalName.dns, value })),
    ...ip.map((address) => addressName(addressBytes(address))),
  ];
  return [
    extension(oid.basicConstraints, true, new pkijs.BasicConstraints({ cA: false }).toSchema()),
    extension(oid.keyUsage, true, keyUsage(usage.digitalSignature, 7)),
    serverAuthentication(),
    extension(oid.subjectAltName, false, new pkijs.GeneralNames({ names }).toSchema()),
  ];
}

/** Whether an authority is confined to exactly this. */
export function isConfinedTo(authority: pkijs.Certificate, confinement: Confinement): boolean {
  const found = authority.extensions?.find(({ extnID }) => extnID === oid.nameConstraints);
  const wanted = nameConstraints(confinement);
  const bytes = ({ extnValue }: pkijs.Extension): Buffer => Buffer.from(extnValue.valueBlock.valueHexView);
  return found !== undefined && bytes(found).equals(bytes(wanted));
}

function nameConstraints({ dns, ip, excludedIp }: Confinement): pkijs.Extension {
  const subtrees = (names: pkijs.GeneralName[]): pkijs.GeneralSubtree[] =>
    names.map((base) => new pkijs.GeneralSubtree({ base }));
  const constraints = new pkijs.NameConstraints({
    permittedSubtrees: subtrees([
      ...dns.map((value) => new pkijs.GeneralName({ type: generalName.dns, value })),
      ...ip.map(addressName),
    ]),
    ...(excludedIp.length === 0 ? {} : { excludedSubtrees: subtrees(excludedIp.map(addressName)) }),
  });
  return extension(oid.nameConstraints, true, constraints.toSchema());
}

function serverAuthentication(): pkijs.Extension {
  return extension(oid.extendedKeyUsage, false, new pkijs.ExtKeyUsage({ keyPurposes: [oid.serverAuth] }).toSchema());
}

function addressName(bytes: Uint8Array<ArrayBuffer>): pkijs.GeneralName {
  return new pkijs.GeneralName({ type: generalName.ip, value: new asn1js.OctetString({ valueHex: bytes }) });
}

function keyUsage(bits: number, unusedBits: 1 | 7): asn1js.BitString {
  return new asn1js.BitString({ valueHex: Uint8Array.of(bits), unusedBits });
}

function extension(extnID: string, critical: boolean, value: { toBER(): ArrayBuffer }): pkijs.Extension {
  return new pkijs.Extension({ extnID, critical, extnValue: value.toBER() });
}

/** SHA-1 of the public key, as RFC 5280 section 4.2.1.2 proposes; it identifies, and protects nothing. */
function keyIdentifier({ subjectPublicKeyInfo }: pkijs.Certificate): Uint8Array<ArrayBuffer> {
  const key = subjectPublicKeyInfo.subjectPublicKey.valueBlock.valueHexView;
  return Uint8Array.from(createHash('sha1').update(key).digest());
}

function pem(label: string, bytes: ArrayBuffer): string {
  const lines = Buffer.from(bytes)
    .toString('base64')
    .replace(/.{64}(?=.)/g, '$&\n');
  return `-----BEGIN ${label}-----\n${lines}\n-----END ${label}-----\n`;
}

function pemBytes(label: string, text: string): Uint8Array<ArrayBuffer> {
  const body = new RegExp(`-----BEGIN ${label}-----([A-Za-z0-9+/=\\s]+)-----END ${label}-----`).exec(text)?.[1];
  if (body === undefined) throw new TypeError(`Expected a PEM block "${label}".`);
  return Uint8Array.from(Buffer.from(body, 'base64'));
}
