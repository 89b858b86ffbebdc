import type { JsonMembers } from '../json-members.js';

/**
 * A compact JSON object whose members keep their order whatever they are called: an object literal would move names
 * that look like array indexes to the front, and scopes become claim names.
 */
export function orderedJson(members: JsonMembers): string {
  let json = '{';
  for (const [name, value] of members) {
    if (json.length > 1) json += ',';
    json += `${JSON.stringify(name)}:${JSON.stringify(value)}`;
  }
  return `${json}}`;
}
