#include "engine/trying.hpp"

#include "pg/parser.hpp"

namespace migrate::engine {

namespace {

bool trying = false;
bool left_out = false;

}  // namespace

Trying::Trying() : outer_(trying) {
    trying = true;
    left_out = false;
}

Trying::~Trying() {
    trying = outer_;
}

bool Trying::left_something_out() const {
    return left_out;
}

bool is_trying() {
    return trying;
}

void try_plain_form(const std::string &sql) {
    if (sql.empty()) left_out = true;
    pg::Section const section(sql);
    for (std::size_t i = 0; i < section.statements().size(); i++) section.try_out(i);
}

}  // namespace migrate::engine
