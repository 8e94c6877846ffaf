// Express 4 under another name; what the tests use of it is the same as in Express 5.
declare module 'express-4' {
  export { default } from 'express';
}
