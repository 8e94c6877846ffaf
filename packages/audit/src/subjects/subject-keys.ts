export interface Subject {
  readonly tenant: string;
  readonly user?: string;
}

/** Whom something covers: the empty scope everybody. */
export interface SubjectScope {
  readonly tenant?: string;
  readonly user?: string;
}

export interface SubjectKey {
  /** Stands for the subject in sealed records. Random: whoever has no keys learns nothing from it. */
  readonly id: string;
  /** Stands for the tenant in the same way. */
  readonly tenantId: string;
  /** 32 bytes. */
  readonly key: Uint8Array;
}

/** Ids of keys that are gone, and of those that a hold kept. */
export interface Forgotten {
  readonly ids: readonly string[];
  readonly held: readonly string[];
}

/**
 * One key for each subject. What is sealed with it nobody reads any more once it is forgotten, in whichever copy.
 * `openSubjectKeys` keeps them in a file; a key service can stand behind the same methods.
 */
export interface SubjectKeys {
  /** The keys of some subjects, in their order. Those that are not there are made, and kept before this resolves. */
  keysOf(subjects: readonly Subject[]): Promise<readonly SubjectKey[]>;
  /** Forgets the key of a user, or all of a tenant, for good; not those that a hold covers. */
  forget(subject: Subject): Promise<Forgotten>;
  /** From now on no key is forgotten that it covers. */
  hold(scope: SubjectScope): Promise<void>;
  /** Lifts the holds of exactly this scope; answers how many there were. */
  release(scope: SubjectScope): Promise<number>;
  close(): Promise<void>;
}
