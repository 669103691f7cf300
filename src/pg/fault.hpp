// Points where the tests can break a run. Built without MIGRATE_FAULTS, as the extension is, there
// is nothing of it in the library.
#pragma once

namespace migrate::pg {

#ifdef MIGRATE_FAULTS
void fault_point(const char *name);
#else
inline void fault_point(const char *) {}
#endif

}  // namespace migrate::pg
