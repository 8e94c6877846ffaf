/** Version of the contract these semantics implement; enters every behaviour version. */
export const CONTRACT_VERSION = '1';
