// The casts that a database has, between types as format_type() writes them.
#pragma once

#include <map>
#include <string>
#include <string_view>

namespace migrate::schema {

class Casts {
 public:
    // `context`: as pg_cast.castcontext has it: e(xplicit), a(ssignment), i(mplicit).
    void add(std::string from, std::string to, char context);

    // An assignment converts by itself, so that no USING is needed.
    bool assigns(std::string_view from, std::string_view to) const;
    // value::to works.
    bool converts(std::string_view from, std::string_view to) const;
    // The type in value::between::to, where there is no direct way; empty: there is no such either.
    std::string_view between(std::string_view from, std::string_view to) const;

 private:
    char context(std::string_view from, std::string_view to) const;  // 0: none

    std::map<std::pair<std::string, std::string>, char, std::less<>> contexts_;
};

}  // namespace migrate::schema
