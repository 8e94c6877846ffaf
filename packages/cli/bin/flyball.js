#!/usr/bin/env -S node --disable-warning=ExperimentalWarning
// Node 22 still calls its SQLite an experiment. A file of its own, so that installers find the command before anything
// is built.
import '../dist/main.js';
