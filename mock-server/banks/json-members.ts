/** What can be the value of a member. */
export type JsonValue =
  string | number | boolean | null | readonly JsonValue[] | { readonly [name: string]: JsonValue };

/** Members of a JSON object in the order in which they are written. */
export type JsonMembers = readonly (readonly [name: string, value: JsonValue])[];
