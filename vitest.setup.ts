import fc from 'fast-check';

// A red CI must be repeatable, so properties draw the same examples there; elsewhere each run explores new ones.
if (process.env['CI'] !== undefined || process.env['HOMOLOGA_FORBID_SKIP'] !== undefined)
  fc.configureGlobal({ ...fc.readConfigureGlobal(), seed: 20_261_122 });
