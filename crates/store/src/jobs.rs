//! Jobs, their steps, locks and leases.
