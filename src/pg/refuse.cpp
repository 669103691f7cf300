#include "pg/refuse.hpp"

namespace migrate::pg {

namespace {

int sqlstate_of(Refusal kind) {
    switch (kind) {
        case Refusal::parameter:
            return ERRCODE_INVALID_PARAMETER_VALUE;
        case Refusal::wrong_object:
            return ERRCODE_WRONG_OBJECT_TYPE;
        case Refusal::unsupported:
            return ERRCODE_FEATURE_NOT_SUPPORTED;
        case Refusal::in_use:
            return ERRCODE_OBJECT_IN_USE;
        case Refusal::syntax:
            return ERRCODE_SYNTAX_ERROR;
        case Refusal::changed:
            return ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE;
    }
    return ERRCODE_INTERNAL_ERROR;
}

}  // namespace

void refuse(Refusal kind, const std::string &message, const std::string &detail,
            const std::string &hint) {
    int const state = sqlstate_of(kind);
    call([&] {
        ereport(ERROR, (errcode(state), errmsg_internal("%s", message.c_str()),
                        detail.empty() ? 0 : errdetail_internal("%s", detail.c_str()),
                        hint.empty() ? 0 : errhint("%s", hint.c_str())));
    });
    throw std::logic_error("an error was not raised");
}

}  // namespace migrate::pg
