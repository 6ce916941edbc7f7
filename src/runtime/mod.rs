//! What runs beside generated code: allocations, parallel regions, faults, limits.
