// Lets cucumber import the steps from their TypeScript sources. `tsx/esm` itself cannot be imported here: without this
// call Node falls back to its own type stripping, which knows neither enums nor parameter properties.
import { register } from 'tsx/esm/api';

register();
