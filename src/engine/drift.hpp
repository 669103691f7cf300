// What was changed outside of migrations, and making revisions of it.
#pragma once

#include "core/place.hpp"
#include "schema/diff.hpp"

namespace migrate::engine {

// Throws what is not as the migrations want it: MG008, MG009, MG014, MG004, MG012.
void check();

// An object with the statements about it, in the order of the first of them.
struct Drifted {
    schema::Kind kind{};
    std::string object;
    schema::Change change{};
    std::vector<schema::Hazard> hazards;
    std::string up;    // what was done
    std::string down;  // what takes it back
};
std::vector<Drifted> drift();

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
