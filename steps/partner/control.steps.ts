import { Given } from '@cucumber/cucumber';
import { needControl } from './partner-hooks.steps.js';

Given('an application that connects a customer and calls the bank', needControl);
