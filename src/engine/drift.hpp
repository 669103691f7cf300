// What was changed outside of migrations, and making revisions of it.
#pragma once

#include "core/place.hpp"
#include "schema/entries.hpp"

namespace migrate::engine {

// Throws what is not as the migrations want it: MG008, MG009, MG014, MG004, MG012.
void check();

// By object: up is what was done, down what takes it back. MG009 when no schema is recorded for
// what is applied.
std::vector<schema::Entry> drift();

struct Acceptance {
    std::string message;
    bool prove = true;
    core::RevisionRequest place;
};
// The id of the revision; none when nothing has changed.
std::optional<std::string> accept_drift(Acceptance request);

void start_recording();
void drop_recording();
std::optional<std::string> end_recording(Acceptance request);

}  // namespace migrate::engine
