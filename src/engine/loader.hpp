// Loading a tree of script files.
#pragma once

#include "engine/store.hpp"

namespace migrate::engine {

struct SourceFile {
    std::string path;
    std::string text;
};

struct LoadedFile {
    std::string path;
    std::string revision;
    std::string status;  // "new", "unchanged" or "changed"
};

// Stores the files, all or none, and returns one row each, by path. What the headers leave out
// comes from the names: the id and message, and as the parent the file before it in byte order of
// the paths, among those stored and those given.
// Throws MG010 for the first malformed file (the others in DETAIL), MG008 for a broken graph and
// MG004 when the sections of an applied revision changed.
std::vector<LoadedFile> load(std::vector<SourceFile> files);

}  // namespace migrate::engine
