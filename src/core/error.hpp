// The errors that this extension itself raises: SQLSTATE class MG.
#pragma once

#include <exception>
#include <string>
#include <utility>

namespace migrate::core {

// The number is the last three characters of the SQLSTATE: Code{3} is MG003.
enum class Code : int {
    unknown_revision = 1,
    ambiguous_id = 2,
    multiple_heads = 3,
    script_changed = 4,
    run_active = 5,
    no_downgrade = 6,
    transaction_block = 7,
    broken_graph = 8,
    interrupted = 9,
    malformed_script = 10,
    verify_failed = 11,
    schema_drifted = 12,
    untrusted_script = 13,
    invalid_target = 14,
};

// What a user reads. The message is in PostgreSQL's style (lower case, no final period); detail
// and hint are sentences, or empty.
class Error : public std::exception {
 public:
    Error(Code code, std::string message, std::string detail = {}, std::string hint = {})
        : code_(code),
          message_(std::move(message)),
          detail_(std::move(detail)),
          hint_(std::move(hint)) {}

    const char *what() const noexcept override { return message_.c_str(); }
    Code code() const noexcept { return code_; }
    const std::string &message() const noexcept { return message_; }
    const std::string &detail() const noexcept { return detail_; }
    const std::string &hint() const noexcept { return hint_; }

 private:
    Code code_;
    std::string message_;
    std::string detail_;
    std::string hint_;
};

// An error at a place of a script. `query` is the text to show and `position` the character in it
// that is meant, from 1 (0: none), as libpq expects of internal_query and internal_position.
class LocatedError : public Error {
 public:
    LocatedError(Error error, std::string query, int position, std::string context)
        : Error(std::move(error)),
          query_(std::move(query)),
          position_(position),
          context_(std::move(context)) {}

    const std::string &query() const noexcept { return query_; }
    int position() const noexcept { return position_; }
    const std::string &context() const noexcept { return context_; }

 private:
    std::string query_;
    int position_;
    std::string context_;
};

}  // namespace migrate::core
