// Adding, changing and removing revisions one by one.
#pragma once

#include "core/place.hpp"
#include "engine/store.hpp"

namespace migrate::engine {

struct Sections {
    std::optional<std::string> message;
    std::optional<std::string> up;
    std::optional<std::string> down;
    std::optional<std::string> verify;
    bool keep_data = false;                               // where the downgrade is derived
    bool up_transaction = true, down_transaction = true;  // false: each statement commits
};

// As a downgrade: it is derived (engine/derive.hpp).
inline constexpr const char *kAuto = "auto";

// A new revision; `request.id` empty: a random one. Returns the id.
std::string add_revision(core::RevisionRequest request, const Sections &sections);
// A new revision without statements that joins several heads.
std::string add_merge(core::RevisionRequest request, const std::string &message);
// Replaces the given parts of a revision that is not applied.
void edit_revision(const std::string &target, const Sections &sections);
// Throws MG008 while others follow it or depend on it.
void withdraw_revision(const std::string &target);

// Throws MG004 when the revision is applied, MG009 when it is half applied. `verb`: "changed".
void require_not_applied(const Catalog &catalog, core::Node node, const char *verb);

}  // namespace migrate::engine
